//! The ways of arrows: level where they pass a column, curved in the gaps between columns.
//! Invariant: an arrow between columns crosses no node.

use super::layout::Area;

/// How far a line stays away from what it points at.
const TIP: f64 = 7.0;

/// How far the lines in a circle reach to its left.
const BULGE: f64 = 20.0;

/// Middles that differ by less are of one column.
const SAME: f64 = 1.0;

/// One line, with its tip if it has one.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Arrow {
    /// As SVG's path has it.
    pub(crate) way: String,
    /// The tip, as SVG's polygon has it.
    pub(crate) tip: Option<String>,
    /// How far down it reaches.
    pub(crate) bottom: f64,
}

/// The columns of one part: middle and half the width of each.
#[derive(Debug)]
pub(crate) struct Columns(Vec<(f64, f64)>);

impl Columns {
    /// Of nodes, each by its middle and its width.
    pub(crate) fn of(nodes: impl Iterator<Item = (f64, f64)>) -> Self {
        let mut columns: Vec<(f64, f64)> = Vec::new();
        for (middle, width) in nodes {
            match columns.iter_mut().find(|column| (column.0 - middle).abs() < SAME) {
                Some(column) => column.1 = column.1.max(width / 2.0),
                None => columns.push((middle, width / 2.0)),
            }
        }
        Self(columns)
    }

    /// All of them moved sideways.
    pub(crate) fn moved(self, by: f64) -> Self {
        Self(self.0.into_iter().map(|(middle, half)| (middle + by, half)).collect())
    }

    fn at(&self, x: f64) -> Option<(f64, f64)> {
        self.0.iter().copied().find(|(middle, _)| (middle - x).abs() < SAME)
    }
}

/// What a line begins or ends at.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum End {
    /// A node.
    Node(Area),
    /// Where lines join, in the middle of a column.
    Joint(f64, f64),
}

impl End {
    fn x(self) -> f64 {
        match self {
            Self::Node(area) => area.x,
            Self::Joint(x, _) => x,
        }
    }
}

/// A line between columns, by the points that it has in those that it passes.
pub(crate) fn around(from: End, to: End, points: &[(f64, f64)], columns: &Columns) -> Arrow {
    let leftward = to.x() <= from.x();
    let mut stops = match from {
        End::Node(area) if leftward => vec![(area.x, area.middle())],
        End::Node(area) => vec![(area.right(), area.middle())],
        End::Joint(x, y) => passing((x, y), columns, leftward),
    };
    let between = points.iter().skip(1).take(points.len().saturating_sub(2));
    for point in between.filter(|point| columns.at(point.0).is_some()) {
        stops.extend(passing(*point, columns, leftward));
    }
    let (end, toward) = match to {
        End::Node(area) if leftward => ((area.right() + TIP, area.middle()), Some(Toward::Left)),
        End::Node(area) => ((area.x - TIP, area.middle()), Some(Toward::Right)),
        End::Joint(x, y) => (passing((x, y), columns, leftward)[0], None),
    };
    stops.push(end);
    let bottom = stops.iter().map(|stop| stop.1).fold(0.0, f64::max);
    Arrow { way: way(&stops), tip: toward.map(|toward| tip(end, toward)), bottom }
}

/// Where a level line comes into a column and leaves it.
fn passing(point: (f64, f64), columns: &Columns, leftward: bool) -> Vec<(f64, f64)> {
    let Some((middle, half)) = columns.at(point.0) else { return vec![point] };
    let (enter, leave) = if leftward { (middle + half, middle - half) } else { (middle - half, middle + half) };
    vec![(enter, point.1), (leave, point.1)]
}

/// Level into each stop and out of it.
fn way(stops: &[(f64, f64)]) -> String {
    let stops: Vec<(f64, f64)> = stops.iter().map(|stop| (whole(stop.0), whole(stop.1))).collect();
    let begin = stops.first().map(|(x, y)| format!("M{x} {y}"));
    let rest = stops.windows(2).map(|pair| step(pair[0], pair[1]));
    begin.into_iter().chain(rest).collect()
}

fn step((behind, above): (f64, f64), (x, y): (f64, f64)) -> String {
    if (above - y).abs() < SAME {
        return format!("L{x} {y}");
    }
    let half = whole(f64::midpoint(behind, x));
    format!("C{half} {above} {half} {y} {x} {y}")
}

/// An arrow between nodes of one circle: straight to the next beneath, else around on the left.
pub(crate) fn within(from: Area, to: Area, same: bool) -> Arrow {
    let bottom = from.bottom().max(to.bottom());
    let beneath = to.y > from.bottom() && to.y - from.bottom() < 2.0 * BULGE;
    if beneath {
        let x = from.x + from.width / 2.0;
        let end = (x, to.y - TIP);
        return Arrow {
            way: way(&[(x, from.bottom())]) + &format!("L{} {}", whole(x), whole(end.1)),
            tip: Some(tip(end, Toward::Down)),
            bottom,
        };
    }
    let apart = if same { from.height / 4.0 } else { 0.0 };
    let (start, end) = ((from.x, from.middle() + apart), (to.x - TIP, to.middle() - apart));
    let far = whole(from.x.min(to.x) - BULGE);
    let bend = if same { 6.0 } else { 10.0 };
    let (down, up) = if start.1 > end.1 { (-bend, bend) } else { (bend, -bend) };
    let way = format!(
        "M{} {}Q{far} {} {far} {}L{far} {}Q{far} {} {} {}",
        whole(start.0),
        whole(start.1),
        whole(start.1),
        whole(start.1 + down),
        whole(end.1 + up),
        whole(end.1),
        whole(end.0),
        whole(end.1)
    );
    Arrow { way, tip: Some(tip(end, Toward::Right)), bottom }
}

/// Where a tip points.
#[derive(Clone, Copy)]
enum Toward {
    Left,
    Right,
    Down,
}

fn tip(at: (f64, f64), toward: Toward) -> String {
    let (x, y) = (whole(at.0), whole(at.1));
    match toward {
        Toward::Left => format!("{},{y} {},{} {},{}", x - TIP, x + 1.0, y - 4.0, x + 1.0, y + 4.0),
        Toward::Right => format!("{},{y} {},{} {},{}", x + TIP, x - 1.0, y - 4.0, x - 1.0, y + 4.0),
        Toward::Down => format!("{x},{} {},{} {},{}", y + TIP, x - 4.0, y - 1.0, x + 4.0, y - 1.0),
    }
}

/// To a whole pixel, and never a negative nothing.
pub(crate) fn whole(measure: f64) -> f64 {
    measure.round() + 0.0
}
