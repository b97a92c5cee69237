package android.content

class Intent(action: String?) {
  val flags: Int = 0

  companion object {
    const val ACTION_MAIN = "android.intent.action.MAIN"
    const val FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY = 1048576
  }
}
