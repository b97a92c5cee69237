//! How much memory a piece of work takes at its highest, on the thread that does it.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static NOW: Cell<isize> = const { Cell::new(0) };
    static HIGHEST: Cell<isize> = const { Cell::new(0) };
}

/// The system's allocator, which counts what each thread holds. What C asks for itself is not
/// seen: of what is measured here that is zstd's state, one a thread, whatever the message.
pub struct Counting;

/// The most bytes that `work` held at one moment, beyond those there were.
pub fn peak_of<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = NOW.get();
    HIGHEST.set(before);
    let done = work();
    (done, usize::try_from(HIGHEST.get() - before).unwrap_or(0))
}

fn note(bytes: usize, freed: bool) {
    let bytes = bytes.cast_signed();
    // A thread that ends frees a last few bytes when its counters are gone.
    let _ = NOW.try_with(|now| {
        now.set(if freed { now.get() - bytes } else { now.get() + bytes });
        let _ = HIGHEST.try_with(|highest| highest.set(highest.get().max(now.get())));
    });
}

#[allow(unsafe_code, reason = "hands everything on to the system's allocator, as it came")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size(), false);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size(), false);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        note(layout.size(), true);
        unsafe { System.dealloc(at, layout) }
    }

    /// At worst both stand in memory for a moment.
    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(size, false);
        note(layout.size(), true);
        unsafe { System.realloc(at, layout, size) }
    }
}
