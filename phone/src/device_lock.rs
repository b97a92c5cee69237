//! Whether this phone asks who holds it before the app shows anything. Asking is the system's part, which
//! screens reach through their host; here it is only remembered, out of the web view's reach.

use crate::Phone;
use crate::trouble::Trouble;

const DEVICE_LOCK: &str = "device_lock";
const ON: &str = "on";

impl Phone {
    /// Off until somebody wants it.
    pub(crate) fn device_lock(&self) -> Result<bool, Trouble> {
        Ok(self.store().setting(DEVICE_LOCK)?.as_deref() == Some(ON))
    }

    pub(crate) fn set_device_lock(&self, on: bool) -> Result<bool, Trouble> {
        self.store().set_setting(DEVICE_LOCK, if on { ON } else { "off" })?;
        self.device_lock()
    }
}
