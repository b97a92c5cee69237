// Of Tauri's own Kotlin (tauri/mobile/android), which needs android.jar too.
package app.tauri.plugin

import android.app.Activity
import android.content.Intent

abstract class Plugin(private val activity: Activity) {
  fun startActivityForResult(invoke: Invoke, intent: Intent, callbackName: String) {}
}

class Invoke {
  fun <T> parseArgs(cls: Class<T>): T = cls.getDeclaredConstructor().newInstance()

  fun resolveObject(data: Any) {}

  fun reject(msg: String?) {}
}
