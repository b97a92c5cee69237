// In place of android.jar, which Google's Maven has: the signatures that our Kotlin uses, and no more.
package android

object R {
  object id {
    const val content = 16908290
  }
}
