//! A tablet becomes a stand: by one code of an administrator, good once.

use dossier::hexadecimal;
use dossier::signed::SigningKey;
use dossier::stand::setup::SetupCode;
use dossier::stand::{StandAnswer, StandAsk};
use url::Url;

use super::{Mode, StandKeys, Told};
use crate::Phone;
use crate::store::Store;
use crate::trouble::Trouble;
use crate::view::{CourierTrouble, StandRefusal, StandView};

/// The longest name of a tablet, in characters.
const LONGEST_NAME: usize = 40;

impl Phone {
    /// Makes this tablet a stand. The code can never lead to another server than the app's own, and
    /// nothing of the answer is kept before the Region's signature over this tablet's key is verified.
    pub(crate) fn stand_set_up(&self, code: &str, name: &str) -> Result<StandView, Trouble> {
        let code = SetupCode::read(code).ok_or(StandRefusal::NotACode)?;
        let server = Url::parse(&code.server).map_err(|_| StandRefusal::NotACode)?;
        let is_ours = server.origin() == self.server.origin()
            && hexadecimal::text(&*code.root) == self.region_key.to_hex();
        if !is_ours {
            return Err(StandRefusal::OtherServer.into());
        }
        let name: String = name.trim().chars().take(LONGEST_NAME).collect();
        let seed = {
            let store = self.store();
            may_be_set_up(&store)?;
            store.stand_seed()?
        };
        let device = SigningKey::from_bytes(&seed);
        let ask = StandAsk {
            token: hexadecimal::text(&*code.token),
            device_key: hexadecimal::text(device.verifying_key().as_bytes()),
            name: name.clone(),
        };
        let runtime = tokio::runtime::Handle::current();
        let answer = runtime.block_on(self.ask_for_stand(&ask))?;
        let told = Told::from_answer(&answer, &name, &ask.device_key);
        let keys = self.key_set(&self.store())?.ok_or(CourierTrouble::WrongServerKey)?;
        if !told.is_delegated(answer.stand.as_bytes(), &keys) {
            return Err(StandRefusal::NotBelieved.into());
        }
        let prints = hexadecimal::array(&answer.prints_key).ok_or(StandRefusal::NotBelieved)?;
        let bundle = StandKeys::bytes(&seed, &prints);
        let now_ms = self.now_ms();
        self.store().keep_stand(answer.stand.as_bytes(), &told.bytes()?, &bundle, now_ms)?;
        self.set_mode(Mode::Closed);
        self.hold_clock()?;
        self.wake();
        self.stand_view()
    }
}

impl Told {
    /// What is kept of an answer; the key of the prints is kept with the tablet's own.
    pub(crate) fn from_answer(answer: &StandAnswer, tablet: &str, device: &str) -> Self {
        Self {
            event: answer.event.clone(),
            place: answer.place.clone(),
            first_day: answer.first_day.clone(),
            last_day: answer.last_day.clone(),
            schools: answer.schools.clone(),
            most_cards: answer.most_cards,
            delegation: answer.delegation.clone(),
            revoked: answer.revoked,
            tablet: tablet.to_owned(),
            device: device.to_owned(),
        }
    }
}

/// A phone with somebody's dossiers never becomes a shared tablet. A stand does once more when nobody
/// can sign in to it any more; what was finished there goes up all the same.
fn may_be_set_up(store: &Store) -> Result<(), Trouble> {
    let agents = store.agents()?;
    let is_lost = !agents.is_empty() && agents.iter().all(|agent| agent.wrapped.is_empty());
    if store.is_stand()? {
        return if is_lost { Ok(()) } else { Err(StandRefusal::SetUpAlready.into()) };
    }
    if store.drafts()?.is_empty() { Ok(()) } else { Err(StandRefusal::NotEmpty.into()) }
}
