package androidx.core.view

import android.view.View

class Insets(val left: Int, val top: Int, val right: Int, val bottom: Int)

class WindowInsetsCompat {
  fun getInsets(typeMask: Int): Insets = Insets(0, 0, 0, 0)

  object Type {
    fun systemBars(): Int = 7

    fun displayCutout(): Int = 128

    fun ime(): Int = 8
  }

  companion object {
    val CONSUMED = WindowInsetsCompat()
  }
}

object ViewCompat {
  fun setOnApplyWindowInsetsListener(view: View, listener: ((View, WindowInsetsCompat) -> WindowInsetsCompat)?) {}
}
