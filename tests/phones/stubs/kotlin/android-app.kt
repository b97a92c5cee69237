package android.app

import android.content.Context

open class Activity : Context() {
  companion object {
    const val RESULT_OK = -1
  }
}
