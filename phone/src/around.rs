//! What is around: partner places, deals, towns and the map's outline, all offline.

use std::cmp::{Ordering, Reverse};

use dossier::reference::{Commune, Deal, Place, PlaceKind, Point, Question};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Phone;
use crate::trouble::Trouble;

/// Towns that fit on a phone's screen under the search.
const SHOWN_TOWNS: usize = 8;
/// Towns named on the map at most.
const MAP_TOWNS: usize = 60;
/// How the list that was made for the demonstration names itself as a source.
const DEMONSTRATION: &str = "liste de démonstration";

/// A place on the earth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "Point")]
pub struct PointView {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

impl From<PointView> for Point {
    fn from(PointView { latitude, longitude }: PointView) -> Self {
        Self { latitude, longitude }
    }
}

/// A town, and where it is.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TownView {
    /// INSEE code.
    pub insee: String,
    /// Name.
    pub name: String,
    /// Number of the department.
    pub department: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

impl From<&Commune> for TownView {
    fn from(commune: &Commune) -> Self {
        Self {
            insee: commune.insee.clone(),
            name: commune.name.clone(),
            department: commune.department.clone(),
            latitude: commune.point.latitude,
            longitude: commune.point.longitude,
        }
    }
}

/// A place that takes the card.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PlaceView {
    /// Names it.
    pub id: String,
    /// What it is.
    pub kind: PlaceKind,
    /// Its name.
    pub name: String,
    /// Number and street; may be empty.
    pub address: String,
    /// Town.
    pub town: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// As the crow flies; null when nobody said from where.
    pub distance_km: Option<f64>,
    /// Who says so.
    pub source: String,
}

impl PlaceView {
    fn of(place: &Place, near: Option<Point>) -> Self {
        Self {
            id: place.id.clone(),
            kind: place.kind,
            name: place.name.clone(),
            address: place.address.clone(),
            town: place.town.clone(),
            latitude: place.point.latitude,
            longitude: place.point.longitude,
            distance_km: near.map(|near| near.distance_km(place.point)),
            source: place.source.clone(),
        }
    }
}

/// Something that is cheaper with the card, and where.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DealView {
    /// Names it.
    pub id: String,
    /// What it is about.
    pub kind: PlaceKind,
    /// In a few words.
    pub title: String,
    /// In full.
    pub text: String,
    /// Last day, `AAAA-MM-JJ`; null when it lasts.
    pub until: Option<String>,
    /// Where.
    pub place: PlaceView,
}

/// Places and deals: nearest first when a point is given, else by town and name.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AroundView {
    /// The places.
    pub places: Vec<PlaceView>,
    /// The deals that are not over.
    pub deals: Vec<DealView>,
    /// Version of the reference data.
    pub version: String,
    /// Whether the list is the one made for the demonstration, not the Region's.
    pub is_demonstration: bool,
}

/// What the map is drawn from.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OutlineView {
    /// The departments, a TopoJSON text; empty when there is none.
    pub topology: String,
    /// The largest towns, the largest first.
    pub towns: Vec<TownView>,
}

/// A question that is asked often.
#[derive(Debug, Clone, Serialize, TS)]
pub struct QuestionView {
    /// One line.
    pub question: String,
    /// Paragraphs and `- ` lists.
    pub answer: String,
}

impl Phone {
    pub(crate) fn find_towns(&self, typed: &str) -> Result<Vec<TownView>, Trouble> {
        let pack = self.reference()?;
        Ok(pack.find_communes(typed, SHOWN_TOWNS).into_iter().map(TownView::from).collect())
    }

    pub(crate) fn around(&self, near: Option<PointView>) -> Result<AroundView, Trouble> {
        let pack = self.reference()?;
        let near = near.map(Point::from);
        let today = self.today().to_string();
        let mut places: Vec<PlaceView> =
            pack.places.iter().map(|place| PlaceView::of(place, near)).collect();
        places.sort_by(nearer_first);
        let granted = |deal: &Deal| {
            let place = PlaceView::of(pack.place(&deal.place)?, near);
            let Deal { id, kind, title, text, until, .. } = deal.clone();
            let until = Some(until).filter(|until| !until.is_empty());
            Some(DealView { id, kind, title, text, until, place })
        };
        let lasts = |deal: &&Deal| deal.until.is_empty() || deal.until >= today;
        let mut deals: Vec<DealView> =
            pack.deals.iter().filter(lasts).filter_map(granted).collect();
        deals.sort_by(|a, b| nearer_first(&a.place, &b.place));
        Ok(AroundView {
            places,
            deals,
            version: pack.version.clone(),
            is_demonstration: pack.places.iter().any(|place| place.source == DEMONSTRATION),
        })
    }

    pub(crate) fn outline(&self) -> Result<OutlineView, Trouble> {
        let pack = self.reference()?;
        let mut towns: Vec<&Commune> = pack.communes.iter().collect();
        towns.sort_by_key(|commune| Reverse(commune.population));
        Ok(OutlineView {
            topology: pack.outline.clone(),
            towns: towns.into_iter().take(MAP_TOWNS).map(TownView::from).collect(),
        })
    }

    pub(crate) fn faq(&self) -> Result<Vec<QuestionView>, Trouble> {
        let pack = self.reference()?;
        let view = |Question { question, answer }| QuestionView { question, answer };
        Ok(pack.questions.iter().cloned().map(view).collect())
    }
}

fn nearer_first(a: &PlaceView, b: &PlaceView) -> Ordering {
    let far = |place: &PlaceView| place.distance_km.unwrap_or_default();
    far(a).total_cmp(&far(b)).then_with(|| (&a.town, &a.name).cmp(&(&b.town, &b.name)))
}
