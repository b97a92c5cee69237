package fr.passregion.app

import android.content.Intent
import android.os.Bundle
import android.os.Environment
import android.view.View
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import androidx.activity.enableEdgeToEdge
import androidx.core.view.ViewCompat
import androidx.core.view.WindowInsetsCompat
import androidx.core.view.WindowInsetsCompat.Type

class MainActivity : TauriActivity() {
  override fun onCreate(savedInstanceState: Bundle?) {
    enableEdgeToEdge()
    // No dossier and no card among the recent apps, nor in a recording of the screen.
    if (!BuildConfig.DEBUG) window.setFlags(FLAG_SECURE, FLAG_SECURE)
    if (isSeenAgain(savedInstanceState)) intent = Intent(Intent.ACTION_MAIN)
    forgetCaptures()
    super.onCreate(savedInstanceState)
    keepOffBars(findViewById(android.R.id.content))
  }

  // Coming back must not open the link of a mail a second time.
  private fun isSeenAgain(savedInstanceState: Bundle?): Boolean =
    savedInstanceState != null || intent.flags and Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY != 0

  // The web view leaves here what the system's camera took for it. The photo that counts is sealed elsewhere.
  private fun forgetCaptures() {
    getExternalFilesDir(Environment.DIRECTORY_PICTURES)?.listFiles()?.forEach { it.delete() }
  }

  // Web views before 140 do not tell their page where bars, notch and keyboard are: no page lies under them.
  private fun keepOffBars(content: View) {
    ViewCompat.setOnApplyWindowInsetsListener(content) { view, insets ->
      val covered = insets.getInsets(Type.systemBars() or Type.displayCutout() or Type.ime())
      view.setPadding(covered.left, covered.top, covered.right, covered.bottom)
      WindowInsetsCompat.CONSUMED
    }
  }
}
