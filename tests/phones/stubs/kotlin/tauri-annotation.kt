package app.tauri.annotation

@Target(AnnotationTarget.FUNCTION) annotation class ActivityCallback

annotation class Command

@Target(AnnotationTarget.CLASS) annotation class InvokeArg

annotation class TauriPlugin
