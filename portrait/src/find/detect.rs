//! The faces of a picture: one small net on the whole, and on parts of it when nobody is found.

use super::{Care, SURE, Spot, side_of, sigmoid};
use crate::PhotoRefusal;
use crate::crop::averaged;
use image::RgbImage;
use image::imageops::crop_imm;
use nets::Net;

/// Two boxes that share more of their area than this show the same face.
const SAME: f32 = 0.3;

/// The net misses faces smaller than a fifth of what it sees; parts of this share of the picture's
/// shorter side find them.
const PART: f32 = 0.4;
/// So many parts reach from one end of the longer side to the other, at most.
const MOST: f32 = 6.0;

/// Anchors of the net: for 16×16 places two each, then for 8×8 places six each.
const GRIDS: [(usize, usize); 2] = [(16, 2), (8, 6)];

/// Faces, the largest first.
pub(super) fn spots(net: &Net, picture: &RgbImage, care: Care) -> Result<Vec<Spot>, PhotoRefusal> {
    let mut spots = look(net, picture)?;
    if spots.is_empty() && care == Care::Whole {
        for (left, top, width, height) in parts(picture.width(), picture.height()) {
            let part = crop_imm(picture, left, top, width, height).to_image();
            let (left, top) = (left as f32, top as f32);
            spots.extend(look(net, &part)?.into_iter().map(|spot| Spot {
                left: spot.left + left,
                top: spot.top + top,
                eyes: spot.eyes.map(|[x, y]| [x + left, y + top]),
                ..spot
            }));
        }
        spots = joined(spots);
    }
    spots.sort_by(|one, other| (other.width * other.height).total_cmp(&(one.width * one.height)));
    Ok(spots)
}

/// Parts that cover a picture and overlap: left, top, width, height.
pub(super) fn parts(width: u32, height: u32) -> Vec<(u32, u32, u32, u32)> {
    // However long and narrow a picture is, its parts are few.
    let side = width.min(height) as f32 * PART;
    let side = (side.max(width.max(height) as f32 / MOST) as u32).max(1);
    let starts = |whole: u32| {
        let free = whole.saturating_sub(side);
        let steps = free.div_ceil((side / 2).max(1)).max(1);
        (0..=if free == 0 { 0 } else { steps }).map(move |step| free * step / steps)
    };
    let size = (side.min(width), side.min(height));
    starts(height)
        .flat_map(|top| starts(width).map(move |left| (left, top, size.0, size.1)))
        .collect()
}

/// One run of the net on a picture that is fitted into its square.
fn look(net: &Net, picture: &RgbImage) -> Result<Vec<Spot>, PhotoRefusal> {
    let side = side_of(net);
    let scale = side as f32 / picture.width().max(picture.height()) as f32;
    let fitted = |whole: u32| ((whole as f32 * scale).round() as usize).clamp(1, side);
    let (width, height) = (fitted(picture.width()), fitted(picture.height()));
    let small = averaged(picture, width as u32, height as u32)?;
    let (left, top) = ((side - width) / 2, (side - height) / 2);
    let outputs = net.run(|input| {
        // Black beside the picture, as in MediaPipe.
        input.fill(-1.0);
        let lines = input.chunks_exact_mut(side * 3).skip(top);
        for (line, from) in lines.zip(small.as_raw().chunks_exact(width * 3)) {
            for (number, byte) in line.iter_mut().skip(left * 3).zip(from) {
                *number = f32::from(*byte) / 127.5 - 1.0;
            }
        }
    });
    let [boxes, scores] = outputs.as_slice() else { return Err(PhotoRefusal::Broken) };
    let place = |x: f32, y: f32| [(x - left as f32) / scale, (y - top as f32) / scale];
    Ok(joined(decoded(boxes, scores, side as f32, place)))
}

/// What the net is sure of, in pixels of the picture.
fn decoded(
    boxes: &[f32],
    scores: &[f32],
    side: f32,
    place: impl Fn(f32, f32) -> [f32; 2],
) -> Vec<Spot> {
    let (boxes, _) = boxes.as_chunks::<16>();
    let mut spots = Vec::new();
    for ((anchor, found), score) in anchors().zip(boxes).zip(scores) {
        let score = sigmoid(*score);
        if score < SURE {
            continue;
        }
        let [x, y] = anchor.map(|share| share * side);
        let [across, down, width, height, rx, ry, lx, ly, ..] = *found;
        let [left, top] = place(x + across - width / 2.0, y + down - height / 2.0);
        let [right, bottom] = place(x + across + width / 2.0, y + down + height / 2.0);
        spots.push(Spot {
            score,
            left,
            top,
            width: right - left,
            height: bottom - top,
            eyes: [place(x + rx, y + ry), place(x + lx, y + ly)],
        });
    }
    spots
}

/// The middles of the anchors, as shares of the square.
fn anchors() -> impl Iterator<Item = [f32; 2]> {
    GRIDS.into_iter().flat_map(|(places, each)| {
        (0..places * places * each).map(move |index| {
            let place = index / each;
            let middle = |at: usize| (at as f32 + 0.5) / places as f32;
            [middle(place % places), middle(place / places)]
        })
    })
}

/// One spot for each face: the mean of the boxes that show it, by their scores.
fn joined(mut spots: Vec<Spot>) -> Vec<Spot> {
    spots.sort_by(|one, other| other.score.total_cmp(&one.score));
    let mut joined = Vec::new();
    while let Some(best) = spots.first().copied() {
        let (same, others): (Vec<_>, Vec<_>) =
            spots.into_iter().partition(|spot| overlap(&best, spot) > SAME);
        // A box without extent overlaps nothing, not even itself.
        if same.is_empty() {
            spots = others.into_iter().skip(1).collect();
            continue;
        }
        joined.push(mean(&same, best.score));
        spots = others;
    }
    joined
}

fn mean(spots: &[Spot], score: f32) -> Spot {
    let weight: f32 = spots.iter().map(|spot| spot.score).sum();
    let of = |part: &dyn Fn(&Spot) -> f32| {
        spots.iter().map(|spot| part(spot) * spot.score).sum::<f32>() / weight
    };
    let eye = |at: fn(&Spot) -> [f32; 2]| [of(&|spot| at(spot)[0]), of(&|spot| at(spot)[1])];
    Spot {
        score,
        left: of(&|spot| spot.left),
        top: of(&|spot| spot.top),
        width: of(&|spot| spot.width),
        height: of(&|spot| spot.height),
        eyes: [eye(|spot| spot.eyes[0]), eye(|spot| spot.eyes[1])],
    }
}

/// The shared area of two spots, as a share of what both cover.
fn overlap(one: &Spot, other: &Spot) -> f32 {
    let shared = |from: f32, len: f32, other_from: f32, other_len: f32| {
        ((from + len).min(other_from + other_len) - from.max(other_from)).max(0.0)
    };
    let both = shared(one.left, one.width, other.left, other.width)
        * shared(one.top, one.height, other.top, other.height);
    let all = one.width * one.height + other.width * other.height - both;
    if all > 0.0 { both / all } else { 0.0 }
}
