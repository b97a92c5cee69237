// What Gradle and Tauri write beside ours at each build.
package fr.passregion.app

import androidx.activity.ComponentActivity

abstract class TauriActivity : ComponentActivity()

object BuildConfig {
  @JvmField val DEBUG: Boolean = System.getProperty("debug") == "true"
}
