package android.view

open class View {
  fun setPadding(left: Int, top: Int, right: Int, bottom: Int) {}
}

class Window {
  fun setFlags(flags: Int, mask: Int) {}
}

class WindowManager {
  object LayoutParams {
    const val FLAG_SECURE = 8192
  }
}
