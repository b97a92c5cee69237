package android.content

import android.net.Uri
import java.io.OutputStream

open class Context {
  val contentResolver: ContentResolver = ContentResolver()
}

class ContentResolver {
  fun openOutputStream(uri: Uri, mode: String): OutputStream? = null
}

class Intent(action: String?) {
  val flags: Int = 0
  var type: String? = null
  val data: Uri? = null

  fun addCategory(category: String): Intent = this

  fun putExtra(name: String, value: String?): Intent = this

  companion object {
    const val ACTION_CREATE_DOCUMENT = "android.intent.action.CREATE_DOCUMENT"
    const val CATEGORY_OPENABLE = "android.intent.category.OPENABLE"
    const val EXTRA_TITLE = "android.intent.extra.TITLE"
    const val ACTION_MAIN = "android.intent.action.MAIN"
    const val FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY = 1048576
  }
}
