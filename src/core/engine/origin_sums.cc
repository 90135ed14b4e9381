#include "core/engine/origin_sums.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/engine/origin_tiles.h"

namespace delstep {
namespace {

/// A bit for each node.
using NodeBits = std::vector<std::uint64_t>;
constexpr std::size_t kWord = 64;
static_assert(kWord == kNodesTogether);
constexpr std::uint64_t Bit(std::size_t node) { return std::uint64_t{1} << node % kWord; }

/// What a model has learnt since its base, in a sum.
struct Fresh {
  const OriginPart* part = nullptr;
  std::size_t after = 0;  // how many bases are added before it
};

/// The same nodes of a sum, before it has them.
struct TileOfShares {
  TileOf<double> initial, trained;
  TileOf<std::int32_t> first, last;
};
/// What sums begin with.
constexpr TileOfShares kNothing = [] {
  TileOfShares nothing{};
  nothing.first.fill(NodeShares::kNoTraining);
  return nothing;
}();

/// A sum on its way.
struct SumOfOrigins {
  std::vector<TileTerm> bases;
  std::vector<Fresh> fresh;           // ascending by node
  NodeBits nodes;                     // that are in it
  std::vector<std::uint32_t> before;  // how many of them before each word of bits
  std::shared_ptr<Provenance> out;
};

/// Some sums take turns with each tile while all that they consist of is at hand.
constexpr std::size_t kSumsInTurn = 16;

class TiledSums {
 public:
  explicit TiledSums(std::span<OriginSum> sums) : sums_(sums) {
    for (const OriginSum& sum : sums)
      for (const OriginPart& part : sum.parts) Count(part);
  }

  /// An addition by itself takes as long as about 16 in a tile, or as unpacking a share.
  bool Pays() const { return finite_ && additions_ > nodes_ * (bases_.size() + terms_ / 16); }

  void Form(Workers& workers) {
    words_ = (nodes_ + kWord - 1) / kWord;
    gaps_.assign(words_ * kWord, 0);
    nodes_of_.resize(bases_.size());
    // Lists that have gaps already are joined below, whatever the tiles say.
    for (const Provenance* base : bases_)
      for (const TrainingRange& range : base->more) gaps_[Index(range.node)] = 1;
    workers.ForEach(bases_.size(), [&](int, std::size_t row) { FindNodes(row); });
    formed_.resize(sums_.size());
    workers.ForEach(sums_.size(), [&](int, std::size_t i) { Prepare(sums_[i], formed_[i]); });
    std::vector<OriginPieces> pieces(static_cast<std::size_t>(workers.size()),
                                     OriginPieces(bases_));
    workers.ForEach(words_, [&](int worker, std::size_t word) {
      OriginPieces& piece = pieces[static_cast<std::size_t>(worker)];
      const std::size_t begin = word * kNodesTogether;
      piece.MoveTo(begin, gaps_);
      for (std::size_t k = 0; k < formed_.size(); k += kSumsInTurn)
        for (std::size_t column = 0; column < kNodesTogether; column += kTileColumns)
          for (std::size_t j = k; j < std::min(k + kSumsInTurn, formed_.size()); ++j)
            AddTile(begin, column, piece, formed_[j]);
    });
    for (std::size_t node = 0; node < gaps_.size(); ++node)
      if (gaps_[node]) with_gaps_.push_back(static_cast<NodeId>(node));
    workers.ForEach(sums_.size(), [&](int, std::size_t i) {
      if (!with_gaps_.empty()) JoinGaps(formed_[i]);
      sums_[i].out = std::move(formed_[i].out);
    });
  }

 private:
  void Count(const OriginPart& part) {
    nodes_ = std::max(nodes_, Index(part.node) + 1);
    if (part.base == 0) return;
    ++terms_;
    // Of what is not finite, 0 times it would not be 0.
    finite_ = finite_ && std::isfinite(part.base);
    const Provenance& base = *part.origin->base;
    additions_ += base.shares.size();
    // Also of a list that many nodes share each has a row of its own, which does no harm.
    if (Index(part.node) >= rows_.size()) rows_.resize(Index(part.node) + 1);
    std::vector<std::uint32_t>& rows = rows_[Index(part.node)];
    for (const std::uint32_t row : rows)
      if (bases_[row] == &base) return;
    rows.push_back(static_cast<std::uint32_t>(bases_.size()));
    bases_.push_back(&base);
    const NodeShares& shares = base.shares;
    if (!shares.empty()) nodes_ = std::max(nodes_, Index(shares.node(shares.size() - 1)) + 1);
    for (const TrainingRange& range : base.more) nodes_ = std::max(nodes_, Index(range.node) + 1);
  }
  // A node has one base, or few where some hold an old model of it: no map is needed.
  std::uint32_t RowOf(const OriginPart& part) const {
    const std::vector<std::uint32_t>& rows = rows_[Index(part.node)];
    return *std::ranges::find(rows, part.origin->base.get(),
                              [&](std::uint32_t row) { return bases_[row]; });
  }

  /// What a sum holds is known by whole words of nodes before any number is added.
  void FindNodes(std::size_t row) {
    NodeBits& bits = nodes_of_[row];
    bits.resize(words_);
    const NodeShares& shares = bases_[row]->shares;
    if (shares.size() == nodes_) {  // need not be read, which takes longer than all else here
      std::ranges::fill(bits, ~std::uint64_t{0});
      if (nodes_ % kWord != 0) bits.back() = Bit(nodes_) - 1;
      return;
    }
    const auto note = [&](NodeId node) { bits[Index(node) / kWord] |= Bit(Index(node)); };
    for (std::size_t i = 0; i < shares.size(); ++i) note(shares.node(i));
    for (const TrainingRange& range : bases_[row]->more) note(range.node);
  }

  /// Tiles are added by any worker in any order, so each share must have its place before.
  void Prepare(const OriginSum& wanted, SumOfOrigins& sum) {
    assert(std::ranges::is_sorted(wanted.parts, {}, &OriginPart::node));
    sum.out = std::make_shared<Provenance>();
    sum.out->exact = !wanted.estimate;
    sum.nodes.resize(words_);
    sum.bases.reserve(wanted.parts.size());
    for (const OriginPart& part : wanted.parts) {
      sum.out->exact = sum.out->exact && part.origin->exact;
      if (part.base != 0) {
        const std::uint32_t row = RowOf(part);
        sum.bases.push_back({.weight = part.base, .row = row});
        for (std::size_t w = 0; w < words_; ++w) sum.nodes[w] |= nodes_of_[row][w];
        sum.out->exact = sum.out->exact && bases_[row]->exact;
      }
      if (part.trainings == 0 || part.origin->since == 0) continue;
      sum.out->exact = sum.out->exact && part.origin->CountsAllTrainings();
      sum.fresh.push_back({.part = &part, .after = sum.bases.size()});
      sum.nodes[Index(part.node) / kWord] |= Bit(Index(part.node));
    }
    // Whoever comes to a tile finds the place of its first share by counting the bits of one word.
    std::uint32_t count = 0;
    for (const std::uint64_t word : sum.nodes) {
      sum.before.push_back(count);
      count += static_cast<std::uint32_t>(std::popcount(word));
    }
    // None is left out if number `count` - 1 is the last of so many.
    const bool all = count == 0 || ((sum.nodes[(count - 1) / kWord] & Bit(count - 1)) != 0 &&
                                    PlaceOf(count - 1, sum) == count - 1);
    sum.out->shares = all ? NodeShares::OfEveryNode(count) : NodeShares::OfSomeNodes(count);
  }

  void AddTile(std::size_t first_node, std::size_t column, const OriginPieces& piece,
               SumOfOrigins& sum) {
    const std::size_t begin = first_node + column;
    const std::span<const TileTerm> bases = sum.bases;
    TileOfShares tile;
    AddRows(bases, {.rows = piece.initial(), .column = column}, kNothing.initial, tile.initial);
    // Of equal rows one is enough.
    const std::span<const TileTerm> different =
        piece.HaveEqualTrainings() ? bases.first(std::min<std::size_t>(bases.size(), 1)) : bases;
    TakeSmallest(different, {.rows = piece.first(), .column = column}, kNothing.first, tile.first);
    TakeLargest(different, {.rows = piece.last(), .column = column}, kNothing.last, tile.last);
    const TileOf<double>* start = &kNothing.trained;
    std::size_t added = 0;
    const auto add_until = [&](std::size_t end) {
      AddRows(bases.subspan(added, end - added), {.rows = piece.trained(), .column = column},
              *start, tile.trained);
      start = &tile.trained;
      added = end;
    };
    const auto node_of = [](const Fresh& fresh) { return Index(fresh.part->node); };
    for (auto fresh = std::ranges::lower_bound(sum.fresh, begin, {}, node_of);
         fresh != sum.fresh.end() && node_of(*fresh) < begin + kTileColumns; ++fresh) {
      // A sum has one order, in which this comes right after its own base.
      add_until(fresh->after);
      Include(*fresh->part, Index(fresh->part->node) - begin, tile);
    }
    add_until(bases.size());
    Store(begin, tile, sum);
  }

  /// What a node has learnt since its base, in column c. One number at a time: few tiles of a sum
  /// have a node whose training is its own.
  void Include(const OriginPart& part, std::size_t c, TileOfShares& tile) {
    tile.trained[c] += part.trainings * static_cast<double>(part.origin->since);
    const TrainingRange range = part.origin->TrainingsSince(part.node);
    const auto first = static_cast<std::int32_t>(range.first),
               last = static_cast<std::int32_t>(range.last);
    // The bases' trainings are one range here, or the node is noted already.
    const bool touches =
        tile.last[c] == 0 || (first - 1 <= tile.last[c] && tile.first[c] - 1 <= last);
    if (!touches || first > last) gaps_[Index(part.node)] = 1;
    tile.first[c] = std::min(tile.first[c], first);
    tile.last[c] = std::max(tile.last[c], last);
  }

  static std::size_t PlaceOf(std::size_t node, const SumOfOrigins& sum) {
    const std::uint64_t before = sum.nodes[node / kWord] & (Bit(node) - 1);
    return sum.before[node / kWord] + static_cast<std::size_t>(std::popcount(before));
  }
  static void Store(std::size_t begin, const TileOfShares& tile, SumOfOrigins& sum) {
    NodeShares& shares = sum.out->shares;
    std::size_t place = PlaceOf(begin, sum);
    // Its pieces are those of the tiles: there is nothing to pick out.
    if (shares.IsOfEveryNode()) {
      // The last word of bits may have a tile with no node.
      if (place == shares.size()) return;
      const auto piece = shares.Piece(place / NodeShares::kTogether);
      const std::size_t c = place % NodeShares::kTogether;
      const auto copy = [&](const auto& numbers, auto* column) {
        std::copy_n(numbers.data(), std::min(kTileColumns, piece.size - c), column + c);
      };
      copy(tile.initial, piece.initial);
      copy(tile.trained, piece.trained);
      copy(tile.first, piece.first);
      copy(tile.last, piece.last);
      return;
    }
    for (std::size_t c = 0; c < kTileColumns; ++c) {
      if ((sum.nodes[begin / kWord] & Bit(begin + c)) == 0) continue;
      shares.Set(place++, {.node = static_cast<NodeId>(begin + c),
                           .initial = tile.initial[c],
                           .trained = tile.trained[c],
                           .first = static_cast<std::uint64_t>(tile.first[c]),
                           .last = static_cast<std::uint64_t>(tile.last[c])});
    }
  }

  /// The trainings of the nodes that were noted, anew and one by one.
  void JoinGaps(SumOfOrigins& sum) const {
    Provenance& out = *sum.out;
    NodeShares& shares = out.shares;
    const auto include = [&](const TrainingRange& range) {
      IncludeTrainings(range, shares, PlaceOf(Index(range.node), sum), out.more);
    };
    // In whichever order: the ranges that come out are the same (JoinTrainings).
    for (const NodeId node : with_gaps_)
      if (sum.nodes[Index(node) / kWord] & Bit(Index(node)))
        shares.SetTrainings(PlaceOf(Index(node), sum), {});
    for (const TileTerm& term : sum.bases) {
      const Provenance& base = *bases_[term.row];
      for (const NodeId node : with_gaps_) {
        const std::size_t place = base.shares.PlaceOf(node);
        if (place == base.shares.size() || base.shares.node(place) != node) continue;
        const TrainingRange range = base.shares.trainings(place);
        if (range.last > 0) include(range);
      }
      for (const TrainingRange& range : base.more) include(range);
    }
    for (const Fresh& fresh : sum.fresh)
      if (gaps_[Index(fresh.part->node)])
        include(fresh.part->origin->TrainingsSince(fresh.part->node));
    if (!out.more.empty()) JoinTrainings(out);
  }

  std::span<OriginSum> sums_;
  std::size_t nodes_ = 0, words_ = 0;  // numbers of nodes are below, and words of bits
  std::size_t terms_ = 0, additions_ = 0;
  bool finite_ = true;
  std::vector<const Provenance*> bases_;          // each is a row
  std::vector<std::vector<std::uint32_t>> rows_;  // by node: of its bases, most often one
  std::vector<NodeBits> nodes_of_;                // by row
  std::vector<SumOfOrigins> formed_;
  std::vector<char> gaps_;  // by node; not bits, as workers write neighbours at a time
  std::vector<NodeId> with_gaps_;
};

}  // namespace

void SumOrigins(std::span<OriginSum> sums, Workers& workers) {
  TiledSums tiled(sums);
  if (tiled.Pays()) return tiled.Form(workers);
  std::vector<ProvenanceSum> adders(static_cast<std::size_t>(workers.size()));
  workers.ForEach(sums.size(), [&](int worker, std::size_t i) {
    ProvenanceSum& adder = adders[static_cast<std::size_t>(worker)];
    for (const OriginPart& part : sums[i].parts)
      adder.Add(part.node, *part.origin, part.base, part.trainings);
    if (sums[i].estimate) adder.Estimate();
    sums[i].out = adder.Take();
  });
}

}  // namespace delstep
