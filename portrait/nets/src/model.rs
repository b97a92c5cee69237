//! What a `.tflite` file says: tensors, constants, operators.
//!
//! Field and operator numbers are those of TensorFlow's `schema.fbs`, version 3.

use crate::Unreadable;
use crate::file::Table;
use half::f16;

/// A net as its file tells it.
pub(crate) struct Model {
    pub(crate) tensors: Vec<Tensor>,
    pub(crate) operators: Vec<Operator>,
    pub(crate) input: usize,
    pub(crate) outputs: Vec<usize>,
}

/// A value: an intermediate one, or a constant.
#[derive(Default)]
pub(crate) struct Tensor {
    pub(crate) shape: Vec<usize>,
    pub(crate) floats: Option<Vec<f32>>,
    pub(crate) ints: Option<Vec<i32>>,
}

/// One operator. Optional inputs that are absent are left out.
pub(crate) struct Operator {
    pub(crate) kind: Kind,
    pub(crate) inputs: Vec<usize>,
    pub(crate) output: usize,
}

/// How far a window moves, and whether the picture keeps its size under it.
#[derive(Clone, Copy)]
pub(crate) struct Stride {
    pub(crate) step: usize,
    pub(crate) same: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    SquaredDifference,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unary {
    Relu,
    Sigmoid,
    HardSwish,
    Neg,
    Sqrt,
    InverseSqrt,
}

/// What the four nets are made of.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Conv(Stride, bool),
    Depthwise(Stride, bool),
    MaxPool {
        window: usize,
        step: usize,
    },
    AveragePool,
    Binary(Binary),
    Unary(Unary),
    PRelu,
    Pad,
    /// Reshape, and everything else that leaves the numbers as they are.
    Same,
    /// Slices from the beginning.
    Head,
    Concat(i32),
    Mean,
    Sum,
    Transpose,
    Double,
    /// A transposed convolution of 2×2 windows two steps apart.
    Spread,
}

fn damaged(what: &str) -> impl FnOnce() -> Unreadable + '_ {
    move || Unreadable(format!("no {what}"))
}

fn index(int: i32) -> Result<usize, Unreadable> {
    usize::try_from(int).map_err(|_| Unreadable(format!("index {int}")))
}

impl Model {
    /// Reads a file.
    pub(crate) fn read(tflite: &[u8]) -> Result<Self, Unreadable> {
        let model = Table::root(tflite).ok_or_else(damaged("model"))?;
        let graph = model.vector(2).and_then(|graphs| graphs.tables().next().flatten());
        let graph = graph.ok_or_else(damaged("graph"))?;
        let mut tensors = read_tensors(model, graph)?;
        let operators = read_operators(model, graph, &mut tensors)?;
        let ends = |field| graph.vector(field).and_then(|ints| ints.ints());
        let inputs = ends(1).ok_or_else(damaged("input"))?;
        let outputs = ends(2).ok_or_else(damaged("output"))?;
        Ok(Self {
            tensors,
            operators,
            input: index(*inputs.first().ok_or_else(damaged("input"))?)?,
            outputs: outputs.into_iter().map(index).collect::<Result<_, _>>()?,
        })
    }
}

fn read_tensors(model: Table<'_>, graph: Table<'_>) -> Result<Vec<Tensor>, Unreadable> {
    let buffers = model.vector(4).ok_or_else(damaged("buffers"))?;
    let buffers: Vec<_> = buffers.tables().collect();
    let mut tensors = Vec::new();
    for tensor in graph.vector(0).ok_or_else(damaged("tensors"))?.tables() {
        let tensor = tensor.ok_or_else(damaged("tensor"))?;
        let extents = tensor.vector(0).and_then(|ints| ints.ints()).unwrap_or_default();
        let shape = extents.into_iter().map(index).collect::<Result<_, _>>()?;
        let buffer = buffers.get(index(tensor.int(2))?).copied().flatten();
        let bytes = buffer.and_then(|buffer| buffer.vector(0)).and_then(|vector| vector.bytes());
        let mut read = Tensor { shape, floats: None, ints: None };
        if let Some(bytes) = bytes {
            let (fours, _) = bytes.as_chunks::<4>();
            let (twos, _) = bytes.as_chunks::<2>();
            match tensor.byte(1) {
                0 => read.floats = Some(fours.iter().map(|it| f32::from_le_bytes(*it)).collect()),
                1 => {
                    read.floats =
                        Some(twos.iter().map(|it| f16::from_le_bytes(*it).into()).collect())
                }
                2 => read.ints = Some(fours.iter().map(|it| i32::from_le_bytes(*it)).collect()),
                other => return Err(Unreadable(format!("numbers of type {other}"))),
            }
        }
        tensors.push(read);
    }
    Ok(tensors)
}

fn read_operators(
    model: Table<'_>,
    graph: Table<'_>,
    tensors: &mut [Tensor],
) -> Result<Vec<Operator>, Unreadable> {
    let codes = model.vector(1).ok_or_else(damaged("codes"))?;
    let codes: Vec<_> = codes.tables().collect();
    let mut operators = Vec::new();
    for operator in graph.vector(3).ok_or_else(damaged("operators"))?.tables() {
        let operator = operator.ok_or_else(damaged("operator"))?;
        let ints = |field| operator.vector(field).and_then(|ints| ints.ints()).unwrap_or_default();
        let inputs: Vec<_> = ints(1).into_iter().filter_map(|int| index(int).ok()).collect();
        let output = index(*ints(2).first().ok_or_else(damaged("result"))?)?;
        let code = codes.get(index(operator.int(0))?).copied().flatten();
        let code = code.ok_or_else(damaged("code"))?;
        let number = i32::from(code.byte(0)).max(code.int(3));
        // Weights of half size were widened when they were read.
        if number == 6 {
            let [narrow] = inputs[..] else { return Err(Unreadable("no weights".into())) };
            let wide = tensors.get_mut(narrow).and_then(|tensor| tensor.floats.take());
            if let (Some(wide), Some(tensor)) = (wide, tensors.get_mut(output)) {
                tensor.floats = Some(wide);
            }
            continue;
        }
        let custom = code.vector(1).and_then(|name| name.bytes());
        let kind = kind(number, custom, operator.table(4))
            .ok_or_else(|| Unreadable(format!("operator {number}")))?;
        operators.push(Operator { kind, inputs, output });
    }
    Ok(operators)
}

fn kind(number: i32, custom: Option<&[u8]>, options: Option<Table<'_>>) -> Option<Kind> {
    let byte = |field| options.map_or(0, |options| options.byte(field));
    let int = |field| options.map_or(0, |options| options.int(field));
    // Windows that move alike both ways, and pixels side by side: the nets have no others.
    let stride = || {
        let step = usize::try_from(int(1)).ok().filter(|step| int(2) == int(1) && *step > 0)?;
        Some(Stride { step, same: byte(0) == 0 })
    };
    let relu = |field| match byte(field) {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    };
    Some(match number {
        0 => relu(0).filter(|fused| !fused).map(|_| Kind::Binary(Binary::Add))?,
        1 => Kind::AveragePool,
        2 => Kind::Concat(int(0)),
        3 => Kind::Conv(stride()?, relu(3)?),
        4 => Kind::Depthwise(stride().filter(|_| int(3) == 1)?, relu(4)?),
        14 => Kind::Unary(Unary::Sigmoid),
        17 => {
            let step = stride()?.step;
            Kind::MaxPool { window: usize::try_from(int(3)).ok()?, step }
        }
        18 => Kind::Binary(Binary::Mul),
        19 => Kind::Unary(Unary::Relu),
        22 => Kind::Same,
        23 => Some(Kind::Double).filter(|_| byte(3) == 1)?,
        32 => Some(Kind::Spread).filter(|_| custom == Some(b"Convolution2DTransposeBias"))?,
        34 => Kind::Pad,
        39 => Kind::Transpose,
        40 => Kind::Mean,
        41 => Kind::Binary(Binary::Sub),
        42 => Kind::Binary(Binary::Div),
        45 => Kind::Head,
        54 => Kind::PRelu,
        59 => Kind::Unary(Unary::Neg),
        74 => Kind::Sum,
        75 => Kind::Unary(Unary::Sqrt),
        76 => Kind::Unary(Unary::InverseSqrt),
        99 => Kind::Binary(Binary::SquaredDifference),
        117 => Kind::Unary(Unary::HardSwish),
        _ => return None,
    })
}
