package fr.passregion.app

import android.app.Activity
import android.content.Intent
import android.net.Uri
import android.provider.DocumentsContract
import android.util.Base64
import androidx.activity.result.ActivityResult
import app.tauri.annotation.ActivityCallback
import app.tauri.annotation.Command
import app.tauri.annotation.InvokeArg
import app.tauri.annotation.TauriPlugin
import app.tauri.plugin.Invoke
import app.tauri.plugin.Plugin
import java.io.IOException
import kotlin.concurrent.thread

@InvokeArg
class FileToSave {
  lateinit var name: String
  lateinit var type: String
  lateinit var base64: String
}

// Saves a file where the person says; answers whether they said any place. Only the shell's Rust calls it.
@TauriPlugin
class SavePlugin(private val activity: Activity) : Plugin(activity) {
  @Command
  fun save(invoke: Invoke) {
    val file = invoke.parseArgs(FileToSave::class.java)
    val question = Intent(Intent.ACTION_CREATE_DOCUMENT)
    question.addCategory(Intent.CATEGORY_OPENABLE)
    question.type = file.type
    question.putExtra(Intent.EXTRA_TITLE, file.name)
    startActivityForResult(invoke, question, "chosen")
  }

  @ActivityCallback
  fun chosen(invoke: Invoke, result: ActivityResult) {
    val place = result.data?.data
    // A place may be a cloud's: the window does not wait for it.
    if (result.resultCode == Activity.RESULT_OK && place != null) thread { write(invoke, place) } else invoke.resolveObject(false)
  }

  // By the resolver's stream: a cloud's place takes nothing by a bare descriptor, and says nothing of it.
  private fun write(invoke: Invoke, place: Uri) {
    val resolver = activity.contentResolver
    try {
      val bytes = Base64.decode(invoke.parseArgs(FileToSave::class.java).base64, Base64.DEFAULT)
      val stream = resolver.openOutputStream(place, "wt") ?: throw IOException("no stream")
      stream.use { it.write(bytes) }
      invoke.resolveObject(true)
    } catch (refused: Exception) {
      // Nothing stays that has the document's name and is empty.
      runCatching { DocumentsContract.deleteDocument(resolver, place) }
      invoke.reject(refused.javaClass.simpleName)
    }
  }
}
