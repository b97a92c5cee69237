package android.os

class Bundle

object Environment {
  const val DIRECTORY_PICTURES = "Pictures"
}
