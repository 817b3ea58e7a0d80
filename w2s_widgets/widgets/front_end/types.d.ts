// What Python sends (widgets/spec.py and the explorers' to_spec), and what the modules hand to each other.

import type { AnyModel } from "@anywidget/types";

export type Model = AnyModel;
export type State = Record<string, any>;
export type Words = Record<string, string>;
export type Range = [low: number, high: number];
export type Bytes = ArrayBuffer | ArrayBufferView;
export type Attributes = Record<string, string | number>;
export type Pair = [x: number, y: number];
export type Point = { x: number; y: number };
export type Scale = (value: number) => number;
export type Edges = { left: number; right: number; top: number; bottom: number };
export type Box = Point & { width: number; height: number; fixed: boolean; text?: SVGTextElement; turn?: number };

type AnyAxis = { name: string; label: string; explain: string; words: string[]; shown: boolean };
export type NumberAxis = AnyAxis & { choice: false; values: number[] };
export type ChoiceAxis = AnyAxis & { choice: true; values: string[] };
export type Axis = NumberAxis | ChoiceAxis;

export interface Spec {
  title: string;
  file_name: string;
  presets: { name: string; state: State; explain: string }[];
  initial: State;
  code: string;
  code_arguments: string[];
}

export interface TableSpec extends Spec {
  axes: Axis[];
  fields: string[];
  codes: string[];
  cases: string[];
  reasons: string[];
  sentences: Words;
  adjusts: string | null;
  impossible: string;
  class_words: string;
  slack_parts: { field: string; words: string }[];
  teacher_axis: string | null;
  teacher_names: string[];
  teacher_marks: Mark[];
  ranges: Ranges;
}

export interface Ranges {
  triangle: { x_min: number; x_max: number; y_min: number; y_max: number };
  ledger: Range;
  account: Range;
  map: GainMisfit;
  cloud: GainMisfit;
}

export type GainMisfit = { x: Range; y: Range };
export type Mark = { shape: string; colour: number };

export interface SwapSpec extends TableSpec {
  tasks: number;
  cloud_words: string[][];
}

export interface SampleSpec extends TableSpec {
  sentence: string;
  repetitions: number;
  cloud: GainMisfit;
  curves: string[];
  distances: string[];
  populations: Outcome[];
  lines: (Line | null)[][][][];
}

export type Line = { slope: number; from: Pair; to: Pair };
export type Curve = { low: Float32Array; mid: Float32Array; high: Float32Array };

export interface ChooserSpec extends TableSpec {
  nobody: string;
  uncover_first: string;
  chooser_sentences: Words;
  chooser_reasons: Words;
  range: Range;
  rules: Words;
  reliability: Record<string, number[][]>;
}

export type TeacherRow = {
  name: string;
  estimated_error: number;
  estimate: number;
  low: number;
  high: number;
  misfit: number;
  err_student: number;
};

export type Outcome = {
  err_weak: number;
  err_student: number;
  misfit: number;
  gain: number;
  slack: number;
  angle: number;
  case: string;
  reason: string;
  [field: string]: any;
};

export interface OutcomeView {
  draw(record: Outcome, sentence: string, indices: number[]): void;
}

export interface PlaneSpec extends Spec {
  shapes: Record<string, PlaneSet>;
  coordinates: string[];
  reach: Point;
  jumped: string;
  tied: string;
  moved_in: Words;
  sentences: Words;
  reasons: Words;
  ranges: Ranges;
  slack_parts: [];
}

// A set's kind decides which of the measures it has.
export type PlaneSet = {
  kind: string;
  convex: boolean;
  space: boolean;
  words: string;
  outline: Pair[][];
  [measure: string]: any;
};

export type Leap = { from: Pair; teacher: Pair; words: string };

export interface CardSpec {
  text: string;
  options: string[];
  low: number;
  high: number;
  step: number;
  decimals: number;
  unit: string;
  truth: any;
  because: string;
  close: number;
  missing: string;
  sentences: Words;
}

export type Curve1 = Float64Array;

export interface CurveSpec extends Spec {
  axes: Axis[];
  questions: number;
  waves: number;
  draws: number;
  counts: number[];
  drawn: string;
  reach: number;
  knots: number;
  truth_waves: number;
  dares: { name: string; words: string; needs: [string, string, number][] }[];
  sentences: Words;
  reasons: Words;
  shake: number[];
  initial_drawing: number[];
}

// What is measured of a student at one capacity, and misfit and gain at all.
export interface Fitted {
  teacher: Curve1;
  student: Curve1;
  wrong: number;
  err_weak: number;
  err_student: number;
  misfit: number;
  gain: number;
  slack: number;
  falls_away: number;
  copied: number;
  eps: number;
  misfits: number[];
  gains: number[];
}

export interface ProofSpec extends Spec {
  axes: Axis[];
  shapes: Record<string, PlaneSet>;
  coordinates: string[];
  reach: Record<string, number>;
  scenes: string[];
  sentences: Words;
  whys: Words;
  reasons: Words;
  tied: string;
  moved_in: string;
}

// All that one moment of the film shows; truth, teacher, student and outline are in answers.
export interface Film {
  moment: number;
  truth: Pair;
  teacher: Pair;
  student: Pair;
  outline: Pair[][];
  set: PlaneSet;
  record: { err_weak: number; err_student: number; misfit: number; gain: number; slack: number; scale: number };
  angle: number | null;
  words: Words;
  sentence: string;
}
