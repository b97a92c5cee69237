package android.webkit

import android.content.Context
import android.view.View
import android.view.inputmethod.EditorInfo
import android.view.inputmethod.InputConnection

open class WebView(context: Context) : View() {
  open fun onCreateInputConnection(outAttrs: EditorInfo): InputConnection? = null
}
