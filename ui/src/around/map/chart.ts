// The map in its box: Leaflet moves it under fingers, wheel and keys; our canvas draws it.
import { Map as LeafletMap, type LatLng, type LeafletMouseEvent, type ZoomAnimEvent } from 'leaflet';
import type { Point, TownView } from '../../host/commands.gen';
import type { Entry } from '../entries';
import { groupsOf, isOneAddress, MOST_ZOOM, type Mark } from './groups';
import type { Outline } from './outline';
import { paint } from './paint';
import { readPalette, type Palette } from './palette';
import { pixelOf, viewAt, worldOf, type Size, type Spot, type View } from './world';

/** What the map shows; it draws itself anew when this changes. */
export interface Scene {
  entries: readonly Entry[];
  towns: readonly TownView[];
  selected: Entry | null;
  near: Point | null;
}

const LEAST_ZOOM = 6;
/** About 90 km across a phone: without streets, it is the borders and the towns that say where one is. */
const TOWN_ZOOM = 8.5;
const PLACE_ZOOM = 11;
/** A finger covers this much around a mark. */
const FINGER = 24;
/** Leaflet takes as long from one zoom to the next. */
const GLIDE_MS = 250;

interface Glide {
  from: { centre: Spot; zoom: number };
  to: { centre: Spot; zoom: number };
  since: number;
}

export class Chart {
  #map: LeafletMap;
  #scene: Scene = { entries: [], towns: [], selected: null, near: null };
  #palette: Palette;
  #marks: { zoom: number; entries: readonly Entry[]; found: Mark[] } | null = null;
  #glide: Glide | null = null;
  #frame = 0;
  #isFitted = false;
  #stops: (() => void)[] = [];

  constructor(
    private readonly box: HTMLElement,
    private readonly canvas: HTMLCanvasElement,
    private readonly outline: Outline,
    private readonly onpick: (entries: readonly Entry[]) => void,
  ) {
    this.#palette = readPalette(box);
    this.#map = this.#build();
    this.#watch();
    this.whole();
  }

  show(scene: Scene): void {
    this.#scene = scene;
    this.#redraw();
  }

  zoomBy(step: number): void {
    this.#map.setZoom(this.#map.getZoom() + step);
  }

  /** The whole region again. */
  whole(): void {
    let { southWest, northEast } = this.outline;
    this.#isFitted = this.box.clientWidth > 0;
    this.#map.fitBounds([pair(southWest), pair(northEast)], { padding: [8, 8], animate: this.#isFitted && !isStill() });
  }

  toTown(point: Point): void {
    this.#go(point, TOWN_ZOOM);
  }

  toPlace(point: Point): void {
    this.#go(point, Math.max(this.#map.getZoom(), PLACE_ZOOM));
  }

  remove(): void {
    cancelAnimationFrame(this.#frame);
    for (let stop of this.#stops) stop();
    this.#map.remove();
  }

  #build(): LeafletMap {
    let { southWest, northEast } = this.outline;
    return new LeafletMap(this.box, {
      preferCanvas: true,
      zoomControl: false,
      attributionControl: false,
      boxZoom: false,
      fadeAnimation: false,
      zoomAnimation: !isStill(),
      inertia: !isStill(),
      minZoom: LEAST_ZOOM,
      maxZoom: MOST_ZOOM,
      zoomSnap: 0.25,
      // Half a region of margin: what lies at the border can still be brought to the middle.
      maxBounds: [
        [southWest.latitude - 1.2, southWest.longitude - 2],
        [northEast.latitude + 1.2, northEast.longitude + 2],
      ],
      maxBoundsViscosity: 0.8,
    });
  }

  #watch(): void {
    this.#map.on('move zoom viewreset resize', () => this.#redraw());
    this.#map.on('zoomanim', ({ center, zoom }: ZoomAnimEvent) => this.#startGlide(center, zoom));
    this.#map.on('zoomend', () => ((this.#glide = null), this.#redraw()));
    this.#map.on('click', (event) => this.#pick(event));
    this.#map.on('mousemove', ({ containerPoint }) => (this.box.style.cursor = this.#markAt(containerPoint) ? 'pointer' : ''));

    let dark = matchMedia('(prefers-color-scheme: dark)');
    let recolour = () => this.#recolour();
    dark.addEventListener('change', recolour);
    let sizes = new ResizeObserver(() => this.#resize());
    sizes.observe(this.box);
    this.#stops.push(
      () => dark.removeEventListener('change', recolour),
      () => sizes.disconnect(),
    );
  }

  #recolour(): void {
    this.#palette = readPalette(this.box);
    this.#marks = null;
    this.#redraw();
  }

  #resize(): void {
    if (this.box.clientWidth === 0) return;
    this.#recolour();
    this.#map.invalidateSize({ animate: false });
    // Built while hidden: only now is it known how much fits.
    if (!this.#isFitted) this.#refit();
    this.#redraw();
  }

  #refit(): void {
    this.#isFitted = true;
    if (this.#scene.selected) this.toPlace(this.#scene.selected.place);
    else if (this.#scene.near) this.toTown(this.#scene.near);
    else this.whole();
  }

  #go({ latitude, longitude }: Point, zoom: number): void {
    if (this.box.clientWidth === 0) this.#isFitted = false;
    else if (isStill()) this.#map.setView([latitude, longitude], zoom, { animate: false });
    else this.#map.flyTo([latitude, longitude], zoom, { duration: 0.6 });
  }

  #pick({ containerPoint }: LeafletMouseEvent): void {
    let mark = this.#markAt(containerPoint);
    if (!mark) return;
    if (mark.entries.length === 1 || isOneAddress(mark.entries)) return this.onpick(mark.entries);
    let latitudes = mark.entries.map((it) => it.place.latitude);
    let longitudes = mark.entries.map((it) => it.place.longitude);
    this.#map.fitBounds(
      [
        [Math.min(...latitudes), Math.min(...longitudes)],
        [Math.max(...latitudes), Math.max(...longitudes)],
      ],
      { padding: [48, 48], animate: !isStill() },
    );
  }

  /** The mark under a finger: the nearest of those it covers. */
  #markAt({ x, y }: Spot): Mark | null {
    let view = this.#view();
    let far = (mark: Mark) => {
      let at = pixelOf(mark.spot, view);
      return Math.hypot(at.x - x, at.y - y) - Math.max(mark.radius - FINGER, 0);
    };
    let [nearest] = this.#marksAt(view.zoom)
      .map((mark) => ({ mark, far: far(mark) }))
      .filter(({ far }) => far <= FINGER)
      .sort((one, other) => one.far - other.far);
    return nearest?.mark ?? null;
  }

  #marksAt(zoom: number): Mark[] {
    let { entries } = this.#scene;
    // Groups change at every half zoom only: they do not dance under a pinch.
    let half = Math.round(zoom * 2) / 2;
    if (this.#marks?.zoom !== half || this.#marks.entries !== entries) this.#marks = { zoom: half, entries, found: groupsOf(entries, half, this.#palette.unit) };
    return this.#marks.found;
  }

  #size(): Size {
    return { width: this.box.clientWidth, height: this.box.clientHeight };
  }

  #centre(): { centre: Spot; zoom: number } {
    let { lat, lng } = this.#map.getCenter();
    return { centre: worldOf({ latitude: lat, longitude: lng }), zoom: this.#map.getZoom() };
  }

  #view(): View {
    let { centre, zoom } = this.#glide ? glided(this.#glide) : this.#centre();
    return viewAt(centre, zoom, this.#size());
  }

  #startGlide({ lat, lng }: LatLng, zoom: number): void {
    let from = this.#glide ? glided(this.#glide) : this.#centre();
    this.#glide = { from, to: { centre: worldOf({ latitude: lat, longitude: lng }), zoom }, since: performance.now() };
    this.#redraw();
  }

  #redraw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    let size = this.#size();
    let pen = this.canvas.getContext('2d');
    if (!pen || size.width === 0) return;
    let sharp = Math.min(devicePixelRatio || 1, 3);
    this.canvas.width = Math.round(size.width * sharp);
    this.canvas.height = Math.round(size.height * sharp);
    pen.scale(sharp, sharp);
    let view = this.#view();
    let { towns, selected, near } = this.#scene;
    let { outline } = this;
    paint(pen, { outline, towns, selected, marks: this.#marksAt(view.zoom), near: near && worldOf(near), view, size, palette: this.#palette });
    if (this.#glide) this.#redraw();
  }
}

function glided({ from, to, since }: Glide): { centre: Spot; zoom: number } {
  let part = Math.min((performance.now() - since) / GLIDE_MS, 1);
  let eased = 1 - (1 - part) ** 3;
  let between = (one: number, other: number) => one + (other - one) * eased;
  return {
    centre: { x: between(from.centre.x, to.centre.x), y: between(from.centre.y, to.centre.y) },
    zoom: between(from.zoom, to.zoom),
  };
}

/** True for a person who asked their system for no motion. */
function isStill(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

function pair({ latitude, longitude }: Point): [number, number] {
  return [latitude, longitude];
}
