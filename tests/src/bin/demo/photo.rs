//! The photo: hinted at and taken by the app's own camera, or chosen as a file; judged, and kept.

use std::time::{Duration, Instant};

use anyhow::ensure;
use journeys::picture;
use journeys::scene::{Scene, Stance};

use super::{Demo, step};

/// The longest wait for the camera to take the photo by itself, all being right.
const STILL: Duration = Duration::from_secs(10);

impl Demo {
    pub(super) async fn photo(&mut self) -> anyhow::Result<()> {
        let wrong = self.data.join("not-a-picture.jpg");
        std::fs::write(&wrong, b"%PDF-1.7 this is no picture")?;
        self.window()?.gives("picture", &wrong).await?;
        self.window()?.says("JPEG ou PNG uniquement").await?;
        step("a file that is no picture refused");
        match std::env::var_os("DEMO_CAMERA_FRAME") {
            Some(frame) => self.take(&Scene::before(frame.as_ref())?).await?,
            None => self.choose().await?,
        }
        self.keep().await
    }

    /// By the camera, which says what is wrong until all is right.
    async fn take(&mut self, scene: &Scene) -> anyhow::Result<()> {
        let window = self.window()?;
        window.press("Prendre la photo").await?;
        window.shows("Prends ta photo").await?;
        self.picture("camera-reason").await?;
        self.window()?.press("Ouvrir l’appareil photo").await?;
        for (stance, hint, name) in [
            (Stance::InTheDark, "Trop sombre", "camera-dark"),
            (Stance::Far, "Approche-toi", "camera-far"),
        ] {
            scene.shows(stance)?;
            self.window()?.says(hint).await?;
            self.picture(name).await?;
        }
        scene.shows(Stance::Right)?;
        if self.is_judged_within(STILL).await? {
            step("camera opened; in the dark and from afar hinted at; photo taken by itself");
        } else {
            self.window()?.press("Prendre la photo").await?;
            step("camera opened; in the dark and from afar hinted at; photo taken by its button");
        }
        Ok(())
    }

    /// Waits for the verdict; what the camera says before, if all is right, is worth a picture.
    async fn is_judged_within(&mut self, patience: Duration) -> anyhow::Result<bool> {
        let since = Instant::now();
        let mut is_good = false;
        while since.elapsed() < patience {
            if self.window()?.has("Je recommence").await? {
                return Ok(true);
            }
            if !is_good && self.window()?.has("C’est bon").await? {
                is_good = true;
                self.picture("camera-good").await?;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(false)
    }

    /// As a file of twelve megapixels, as a phone's own camera leaves it.
    async fn choose(&mut self) -> anyhow::Result<()> {
        let right = self.data.join("lina.jpg");
        std::fs::write(&right, picture::good_from_a_camera())?;
        self.window()?.gives("picture", &right).await?;
        step("no camera here: photo chosen as a file of 12 megapixels");
        Ok(())
    }

    async fn keep(&mut self) -> anyhow::Result<()> {
        self.window()?.says("Je recommence").await?;
        self.picture("proof").await?;
        let window = self.window()?;
        ensure!(window.has("Je garde").await?, "the photo does not keep the rules");
        // Asked where hair is taken for a hat.
        if window.has("Je suis tête nue").await? {
            window.chooses("bare_head").await?;
        }
        window.press("Je garde").await?;
        window.sees("//figure//img[starts-with(@alt, 'Ta photo')]").await?;
        window.says("Enregistré sur ce téléphone").await?;
        window.scrolls_to("figure img").await?;
        self.picture("photo").await?;
        self.window()?.press("Continuer").await?;
        self.window()?.shows("Où envoyer ta carte\u{202f}?").await?;
        step("photo judged and kept");
        Ok(())
    }
}
