//! Passwords: hashed slowly, a few at a time, and compared without telling who exists.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

use crate::failure::Failure;
use crate::heavy::Heavy;

/// OWASP ASVS 5, appendix C: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Random bytes in place of a hash: no password leads to them, and an unknown account costs the same
/// time as a known one. Written down, because to compute one at every start takes 40 ms.
pub(crate) const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$qbMeuTFwgywYocnEsVc58A$R2DBZVFlTenUl/SNn5G3Mjiqxt5zeD1FT4vMqPJwuuI";

/// The one way to hash and to check passwords.
pub(crate) struct Passwords {
    heavy: Heavy,
    argon2: Argon2<'static>,
}

impl Passwords {
    pub(crate) fn new(heavy: Heavy) -> anyhow::Result<Self> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(anyhow::Error::msg)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Ok(Self { heavy, argon2 })
    }

    /// The PHC string of a password, with a salt of its own.
    pub(crate) async fn hash(&self, typed: String) -> Result<String, Failure> {
        let argon2 = self.argon2.clone();
        Ok(self.heavy.run(move || hashed(&argon2, typed.as_bytes())).await??)
    }

    /// Whether the password is the one of `kept`; as slow without `kept`, and then never.
    pub(crate) async fn matches(
        &self,
        typed: String,
        kept: Option<String>,
    ) -> Result<bool, Failure> {
        let argon2 = self.argon2.clone();
        let known = kept.is_some();
        let kept = kept.unwrap_or_else(|| NOBODY.to_owned());
        let matches = move || argon2.verify_password(typed.as_bytes(), kept.as_str()).is_ok();
        Ok(self.heavy.run(matches).await? && known)
    }

    /// For the first start, before there is anybody to wait for.
    pub(crate) fn hash_now(&self, typed: &str) -> anyhow::Result<String> {
        hashed(&self.argon2, typed.as_bytes())
    }
}

fn hashed(argon2: &Argon2<'_>, typed: &[u8]) -> anyhow::Result<String> {
    Ok(argon2.hash_password(typed).map_err(anyhow::Error::msg)?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aside::Aside;

    #[tokio::test]
    async fn only_the_right_password_matches_and_an_unknown_account_never_does() {
        let passwords = Passwords::new(Heavy::new(Aside::Threads)).unwrap();
        let kept = passwords.hash("neige en aout volcan".into()).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let matches = |typed: &str, kept| passwords.matches(typed.to_owned(), kept);
        assert!(matches("neige en aout volcan", Some(kept.clone())).await.unwrap());
        assert!(!matches("neige en aout volcans", Some(kept)).await.unwrap());
        assert!(!matches("neige en aout volcan", None).await.unwrap());
        // What costs time stands before the salt.
        let cost = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(cost(NOBODY), cost(&passwords.hash_now("neige en aout volcan").unwrap()));
    }
}
