//! Where everything stands: each connected part laid out in layers by `dagre`, parts one beneath the other, the parties'
//! answers in a lane of their own.
//! Invariant: no two nodes overlap.

use std::collections::{BTreeMap, HashMap, HashSet};

use dagre::graph::{Graph, GraphOptions};
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, Point, RankDir};

use super::arrows::{Arrow, Columns, End, around, within};
use super::plan::{Block, Frame, Plan};

/// Gaps between columns, between rows, between lines that pass, and between parts.
const COLUMN_GAP: f64 = 56.0;
const ROW_GAP: f64 = 10.0;
const LINE_GAP: f64 = 6.0;
const PART_GAP: f64 = 26.0;

/// What a lane's caption takes above it.
const CAPTION: f64 = 50.0;

/// The fewest relays of one piece that stand in a second column; and the fewest rows of nodes that nothing connects.
const ROWS: usize = 12;
const LOOSE_ROWS: usize = 5;

/// A rectangle, by its upper left corner.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Area {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Area {
    pub(crate) fn right(&self) -> f64 {
        self.x + self.width
    }

    pub(crate) fn bottom(&self) -> f64 {
        self.y + self.height
    }

    pub(crate) fn middle(&self) -> f64 {
        self.y + self.height / 2.0
    }
}

/// Everything in its place.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// One for each node.
    pub(crate) nodes: Vec<Area>,
    /// Of each block that has a frame, its place among the blocks, and the frame.
    pub(crate) frames: Vec<(usize, Area)>,
    pub(crate) arrows: Vec<Arrow>,
    /// Where the lane of the parties' answers begins, if there is one.
    pub(crate) answers: Option<f64>,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// What a frame takes around its nodes.
struct Padding {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    gap: f64,
}

fn padding(frame: &Frame) -> Padding {
    match frame {
        Frame::None => Padding { left: 0.0, right: 0.0, top: 0.0, bottom: 0.0, gap: 0.0 },
        Frame::Circle => Padding { left: 34.0, right: 12.0, top: 28.0, bottom: 12.0, gap: 22.0 },
        Frame::Group(_) => Padding { left: 10.0, right: 10.0, top: 26.0, bottom: 10.0, gap: 8.0 },
    }
}

fn size(plan: &Plan, block: &Block) -> (f64, f64) {
    let padding = padding(&block.frame);
    let nodes: f64 = block.nodes.iter().map(|node| plan.heights[*node]).sum();
    let gaps = number(block.nodes.len().saturating_sub(1)) * padding.gap;
    (plan.width + padding.left + padding.right, nodes + gaps + padding.top + padding.bottom)
}

/// A count as a measure.
pub(crate) fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Lays a plan out.
pub(crate) fn lay_out(plan: &Plan) -> Layout {
    let (main, answers) = parts(plan).into_iter().partition::<Vec<_>, _>(|part| !is_of_answers(plan, part));
    let mut layout = Layout { nodes: vec![Area::default(); plan.nodes.len()], ..Layout::default() };
    layout.stack(plan, &main);
    if !answers.is_empty() {
        layout.answers = Some(layout.height);
        layout.height += CAPTION;
        layout.stack(plan, &answers);
    }
    layout
}

/// Blocks that arrows connect, in the order in which they are drawn; each part with the arrows of its own.
struct Part {
    blocks: Vec<usize>,
    arrows: Vec<(usize, usize)>,
}

fn parts(plan: &Plan) -> Vec<Part> {
    let block_of = block_of(plan);
    let mut beside: Vec<Vec<usize>> = vec![Vec::new(); plan.blocks.len()];
    for (from, to) in &plan.arrows {
        beside[block_of[*from]].push(block_of[*to]);
        beside[block_of[*to]].push(block_of[*from]);
    }
    let mut part_of = vec![usize::MAX; plan.blocks.len()];
    let mut parts: Vec<Part> = Vec::new();
    for first in 0..plan.blocks.len() {
        let mut open = vec![first];
        while let Some(block) = open.pop() {
            if part_of[block] == usize::MAX {
                part_of[block] = parts.len();
                open.extend(&beside[block]);
            }
        }
        if part_of[first] == parts.len() {
            let blocks = (0..plan.blocks.len()).filter(|block| part_of[*block] == parts.len()).collect();
            parts.push(Part { blocks, arrows: Vec::new() });
        }
    }
    for arrow in &plan.arrows {
        parts[part_of[block_of[arrow.0]]].arrows.push(*arrow);
    }
    parts.sort_by_key(|part| {
        part.blocks.iter().flat_map(|block| &plan.blocks[*block].nodes).map(|node| plan.order[*node]).min()
    });
    parts
}

fn block_of(plan: &Plan) -> Vec<usize> {
    let mut block_of = vec![0; plan.nodes.len()];
    for (index, block) in plan.blocks.iter().enumerate() {
        for node in &block.nodes {
            block_of[*node] = index;
        }
    }
    block_of
}

/// Whether all that a part comes down to is answers.
fn is_of_answers(plan: &Plan, part: &Part) -> bool {
    let relaying: HashSet<usize> = part.arrows.iter().map(|arrow| arrow.0).collect();
    let nodes = part.blocks.iter().flat_map(|block| &plan.blocks[*block].nodes);
    let mut ends = nodes.filter(|node| !relaying.contains(node)).peekable();
    ends.peek().is_some() && ends.all(|node| plan.answers[*node])
}

impl Layout {
    /// Puts parts beneath what is there: those that arrows connect one by one, the others in a grid.
    fn stack(&mut self, plan: &Plan, parts: &[Part]) {
        let (loose, tied): (Vec<&Part>, Vec<&Part>) =
            parts.iter().partition(|part| part.arrows.is_empty() && part.blocks.len() == 1);
        for part in tied {
            let top = self.below();
            self.layers(plan, part, top);
        }
        if !loose.is_empty() {
            let top = self.below();
            let blocks: Vec<usize> = loose.iter().flat_map(|part| &part.blocks).copied().collect();
            self.grid(plan, &blocks, top);
        }
    }

    fn below(&self) -> f64 {
        let captioned = self.answers.is_some_and(|answers| self.height <= answers + CAPTION);
        if self.height == 0.0 || captioned { self.height } else { self.height + PART_GAP }
    }

    /// Blocks that nothing connects, down each column.
    fn grid(&mut self, plan: &Plan, blocks: &[usize], top: f64) {
        let rows = LOOSE_ROWS.max(shapely(blocks.len()));
        let mut left = 0.0;
        for column in blocks.chunks(rows) {
            let (mut y, mut right) = (top, left);
            for block in column {
                let (width, height) = size(plan, &plan.blocks[*block]);
                self.place(plan, *block, left, y);
                y += height + ROW_GAP;
                right = f64::max(right, left + width);
            }
            left = right + COLUMN_GAP / 2.0;
        }
    }

    /// Puts a block, and the nodes in it.
    fn place(&mut self, plan: &Plan, index: usize, x: f64, y: f64) {
        let block = &plan.blocks[index];
        let padding = padding(&block.frame);
        let (width, height) = size(plan, block);
        let mut top = y + padding.top;
        for node in &block.nodes {
            let height = plan.heights[*node];
            self.nodes[*node] = Area { x: x + padding.left, y: top, width: plan.width, height };
            top += height + padding.gap;
        }
        if block.frame != Frame::None {
            self.frames.push((index, Area { x, y, width, height }));
        }
        self.width = self.width.max(x + width);
        self.height = self.height.max(y + height);
    }

    /// One connected part, in layers: origins at the left, and to the right who relays them.
    fn layers(&mut self, plan: &Plan, part: &Part, top: f64) {
        let block_of = block_of(plan);
        let (inner, outer): (Vec<_>, Vec<_>) =
            part.arrows.iter().copied().partition(|(from, to)| block_of[*from] == block_of[*to]);
        let layers = Layers::of(plan, part, &outer, &block_of);
        let (graph, columns) = (&layers.graph, layers.columns());
        let (left, upper) = layers.corner();
        for block in &part.blocks {
            if let Some((x, y)) = graph.node(&block.to_string()).and_then(|node| Some((node.x?, node.y?))) {
                let (width, height) = size(plan, &plan.blocks[*block]);
                self.place(
                    plan,
                    *block,
                    (x - width / 2.0 - left).round(),
                    (y - height / 2.0 - upper).round() + top,
                );
            }
        }
        let shift = |point: &Point| (point.x - left, point.y - upper + top);
        let columns = columns.moved(-left);
        for line in &layers.lines {
            let label = graph.edge(&line.to_key, &line.from_key, Some(&line.name));
            let points: Vec<(f64, f64)> = label.iter().flat_map(|edge| &edge.points).rev().map(shift).collect();
            let end = |node: Option<usize>, key: &str| match node {
                Some(node) => End::Node(self.nodes[node]),
                None => {
                    layers.joint(key).map_or(End::Joint(0.0, 0.0), |(x, y)| End::Joint(x - left, y - upper + top))
                }
            };
            let (from, to) = (end(line.from, &line.from_key), end(line.to, &line.to_key));
            self.arrows.push(around(from, to, &points, &columns));
        }
        for (from, to) in inner {
            self.arrows.push(within(self.nodes[from], self.nodes[to], from == to));
        }
        let low = self.arrows.iter().map(|arrow| arrow.bottom).fold(self.height, f64::max);
        self.height = low;
    }
}

/// As many rows as make so many nodes about as high as they are wide.
fn shapely(nodes: usize) -> usize {
    (nodes * 3).isqrt()
}

/// One line of the graph: of an arrow, or of the part that several share.
struct Line {
    from_key: String,
    to_key: String,
    name: String,
    /// Where it begins and ends, if at a node, and not where arrows join.
    from: Option<usize>,
    to: Option<usize>,
}

/// A part as `dagre` sees it.
struct Layers {
    graph: Graph<NodeLabel, EdgeLabel>,
    lines: Vec<Line>,
    widths: Vec<(String, f64)>,
}

impl Layers {
    fn of(plan: &Plan, part: &Part, arrows: &[(usize, usize)], block_of: &[usize]) -> Self {
        let options = GraphOptions { directed: true, multigraph: true, compound: false };
        let mut layers = Self { graph: Graph::with_options(options), lines: Vec::new(), widths: Vec::new() };
        for block in &part.blocks {
            let (width, height) = size(plan, &plan.blocks[*block]);
            layers.node(block.to_string(), width, height);
        }
        let waves = waves(plan, arrows, block_of);
        let mut relaying: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (from, to) in arrows {
            relaying.entry(*to).or_default().push(*from);
        }
        for (to, mut from) in relaying {
            from.sort_by_key(|node| plan.order[*node]);
            layers.fan(plan, &from, to, &waves, block_of);
        }
        let options = LayoutOptions {
            rankdir: RankDir::LR,
            // Of arrangements that are equally good, the one that keeps to the order of time.
            tie_keep_first: true,
            nodesep: ROW_GAP,
            edgesep: LINE_GAP,
            ranksep: COLUMN_GAP,
            ..LayoutOptions::default()
        };
        dagre::layout(&mut layers.graph, Some(options));
        layers
    }

    fn node(&mut self, key: String, width: f64, height: f64) {
        self.graph.set_node(key.clone(), Some(NodeLabel { width, height, ..NodeLabel::default() }));
        self.widths.push((key, width));
    }

    /// Those who relay one piece, in their order; the way to those in further columns passes amid those in the first.
    fn fan(&mut self, plan: &Plan, from: &[usize], to: usize, waves: &HashMap<usize, usize>, block_of: &[usize]) {
        let wave = |node: &usize| waves.get(node).copied().unwrap_or(0);
        let key = |node: usize| block_of[node].to_string();
        let (near, far): (Vec<usize>, Vec<usize>) = from.iter().partition(|node| wave(node) == 0);
        let (above, beneath) = near.split_at(near.len() / 2);
        let line = |node: usize, to: Option<usize>, to_key: String| Line {
            from_key: key(node),
            name: format!("{node}/{to_key}"),
            to_key,
            from: Some(node),
            to,
        };
        for node in above {
            self.line(line(*node, Some(to), key(to)), 1);
        }
        for column in 1..=far.iter().map(wave).max().unwrap_or(0) {
            let joint = format!("{to}/{column}");
            self.node(joint.clone(), plan.width, 2.0);
            let trunk = Line { from_key: joint.clone(), to_key: key(to), name: joint, from: None, to: Some(to) };
            self.line(trunk, column);
        }
        for node in beneath {
            self.line(line(*node, Some(to), key(to)), 1);
        }
        for node in &far {
            self.line(line(*node, None, format!("{to}/{}", wave(node))), 1);
        }
    }

    /// To `dagre`, a line leads from whom is relayed: what it leads from stands at the left.
    fn line(&mut self, line: Line, length: usize) {
        let minlen = i32::try_from(length).unwrap_or(i32::MAX);
        let label = EdgeLabel { minlen, ..EdgeLabel::default() };
        self.graph.set_edge(line.to_key.clone(), line.from_key.clone(), Some(label), Some(&line.name));
        self.lines.push(line);
    }

    /// The middle of a joint.
    fn joint(&self, key: &str) -> Option<(f64, f64)> {
        self.graph.node(key).and_then(|node| Some((node.x?, node.y?)))
    }

    /// The columns, by their middles, each as wide as its widest node.
    fn columns(&self) -> Columns {
        let middles = self.widths.iter().filter_map(|(key, width)| Some((self.graph.node(key)?.x?, *width)));
        Columns::of(middles)
    }

    /// The upper left corner of all nodes.
    fn corner(&self) -> (f64, f64) {
        let nodes = self.widths.iter().filter_map(|(key, _)| {
            let node = self.graph.node(key)?;
            Some((node.x? - node.width / 2.0, node.y? - node.height / 2.0))
        });
        nodes.fold((f64::INFINITY, f64::INFINITY), |least, next| (least.0.min(next.0), least.1.min(next.1)))
    }
}

/// In which column beyond the first a relay stands: those of one piece that nobody relays in turn fill one column after
/// the other, the earliest first.
fn waves(plan: &Plan, arrows: &[(usize, usize)], block_of: &[usize]) -> HashMap<usize, usize> {
    let mut out: HashMap<usize, usize> = HashMap::new();
    let relayed: HashSet<usize> = arrows.iter().map(|(_, to)| block_of[*to]).collect();
    for (from, _) in arrows {
        *out.entry(*from).or_default() += 1;
    }
    let mut leaves: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (from, to) in arrows {
        let alone = plan.blocks[block_of[*from]].frame == Frame::None;
        if alone && out.get(from) == Some(&1) && !relayed.contains(&block_of[*from]) {
            leaves.entry(*to).or_default().push(*from);
        }
    }
    let mut waves = HashMap::new();
    for mut leaves in leaves.into_values().filter(|leaves| leaves.len() > ROWS) {
        leaves.sort_by_key(|leaf| plan.order[*leaf]);
        let rows = ROWS.max(shapely(leaves.len()));
        let columns = leaves.len().div_ceil(rows);
        let rows = leaves.len().div_ceil(columns);
        waves.extend(leaves.into_iter().enumerate().map(|(index, leaf)| (leaf, index / rows)));
    }
    waves
}
