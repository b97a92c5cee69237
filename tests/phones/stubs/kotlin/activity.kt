package androidx.activity

import android.app.Activity
import android.content.Intent
import android.os.Bundle
import android.view.View
import android.view.Window
import java.io.File

open class ComponentActivity : Activity() {
  lateinit var intent: Intent
  val window: Window = Window()

  open fun onCreate(savedInstanceState: Bundle?) {}

  fun getExternalFilesDir(type: String?): File? = null

  @Suppress("UNCHECKED_CAST")
  fun <T : View> findViewById(id: Int): T = View() as T
}

fun ComponentActivity.enableEdgeToEdge() {}
