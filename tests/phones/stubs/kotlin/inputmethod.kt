package android.view.inputmethod

interface InputConnection

class EditorInfo {
  var imeOptions: Int = 0

  companion object {
    const val IME_FLAG_NO_PERSONALIZED_LEARNING = 16777216
  }
}
