#pragma once
/// Random numbers that depend on nothing but a key. The same key gives the same numbers on every
/// machine and with every compiler.
///
/// A stream is named by (seed, purpose, who, use); its numbers are a pure function of that name and
/// the position in the stream (Philox4x32-10, Salmon et al. 2011, "Parallel random numbers: as easy
/// as 1, 2, 3"). So adding a node or a command disturbs no other stream, and the order of work, the
/// number of threads and the standard library make no difference. The distributions are our own, on
/// our own log and exp, since the standard's differ between libraries and the C library's between
/// processors.
///
///   Random random(MakeKey(scenario.seed, Purpose::kGossip, Index(node), node.gossips));
///   const std::uint64_t peer = random.Below(neighbours.size());
///
/// Whoever needs chance takes a purpose of their own and counts their uses. Never keep a Random
/// between two commands and never share one: a count in the world can be saved, a cursor cannot.
///
/// This also makes comparisons fair. Two runs with the same seed that differ in one command, such
/// as `flood` instead of `gossip 2`, deal the same data, start from the same parameters and shuffle
/// alike. So what differs in the results comes from that command, not from luck.
///
/// Nothing here fails, and nothing takes memory but Dirichlet().
/// Which purpose counts by what is listed in docs/internals/determinism.md.
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace delstep {

/// What a stream is for: a purpose says what is drawn, `who` and `use` for whom and for the how
/// many-th time, so two parts that draw never share a stream by accident. The number is part of
/// every stream's name: append, never renumber. A new number moves no draw of the others; a changed
/// one gives every recorded run other bits.
enum class Purpose : std::uint32_t {
  kInitialise = 1,  ///< initial parameters
  kTrain = 2,       ///< order of examples and dropout of one `train` of one node
  kDraw = 3,        ///< which examples are dealt at all
  kPartition = 4,   ///< who gets which
  kHoldOut = 5,     ///< which examples of a node are held out
  kTopology = 6,    ///< edges of the random graphs
  kPosition = 7,    ///< where a node is
  kLoss = 8,        ///< whether one message of one link is lost
  kLatency = 9,     ///< how long it travels
  kGossip = 10,     ///< which neighbours
  kData = 11,       ///< synthetic data sets
  kLabels = 12,     ///< label noise of one `labels ... noise` of one node
  kCompress = 13,   ///< what compression leaves out of one message
  // Those of a network that lives: drawn while time runs.
  kMobility = 14,   ///< legs of one node
  kRadio = 15,      ///< shadowing between one pair
  kChurn = 16,      ///< when one node is online
  kCompute = 17,    ///< how fast one node computes, and the jitter of one training
  kBehaviour = 18,  ///< what one node draws while it behaves
  kTurn = 19,       ///< the jitter of one turn
  kAttack = 20,     ///< what an attacker sends
  kSample = 21,     ///< which examples a `test sample` of a run is on
};

/// The name of a stream, mixed into 128 bits. Make it with MakeKey() or Derive(). Keys are what a
/// part is handed when it needs chance: a small value, which any thread may turn into a Random.
struct RandomKey {
  std::uint64_t seed = 0, stream = 0;
  friend bool operator==(RandomKey, RandomKey) = default;
};

/// The key of the stream (seed, purpose, who, use). `who` and `use` are what the purpose counts by:
/// a node and how often it has trained so far, a pair of nodes and the number of the message
/// between them, ...
RandomKey MakeKey(std::uint64_t seed, Purpose purpose, std::uint64_t who = 0,
                  std::uint64_t use = 0);
/// An independent stream below `key`, for a part of the same work (one class of a Dirichlet draw,
/// one epoch of a training); equal labels give equal streams. So parts of one work can be done in
/// any order, or on several threads, and draw the same.
RandomKey Derive(RandomKey key, std::uint64_t label);

/// A cursor in a stream. A value: copying it copies the position. Threads: each its own cursor.
/// The distributions take as many words as they need, so a draw's place depends on those before it.
class Random {
 public:
  explicit Random(RandomKey key) : key_(key) {}

  /// Uniform over all values.
  std::uint32_t Next32() {
    if (used_ == drawn_) Refill();
    return words_[used_++];
  }
  std::uint64_t Next64() {
    const std::uint64_t low = Next32();
    return low | static_cast<std::uint64_t>(Next32()) << 32;
  }
  /// The next words of the stream at once: what dropout masks are made of. `portable`: by the code
  /// that every machine runs; the words are the same.
  void Fill(std::span<std::uint32_t> words, bool portable = false);

  /// [0, 1), a multiple of 2^-53: the 53 upper bits of a word of 64, so 1 is never reached.
  double Uniform() { return static_cast<double>(Next64() >> 11) * 0x1.0p-53; }
  /// [low, high).
  double Uniform(double low, double high) { return low + (high - low) * Uniform(); }
  /// Unbiased in [0, bound); requires bound > 0.
  std::uint64_t Below(std::uint64_t bound);
  /// True with this probability; never for p <= 0, always for p >= 1.
  bool Chance(double probability) { return Uniform() < probability; }
  /// Standard normal, mean 0 and variance 1 (Marsaglia's polar method).
  double Normal();
  /// Exponential with mean 1.
  double Exponential();
  /// Gamma; requires shape > 0; scale 1 (Marsaglia and Tsang 2000).
  double Gamma(double shape);
  /// Parts that sum to 1, one per entry of alpha; requires each alpha > 0. Defined also where every
  /// Gamma draw underflows: then one part is 1 and the others 0.
  std::vector<double> Dirichlet(std::span<const double> alpha);

  /// Puts the items in random order, all orders equally likely (Fisher-Yates).
  template <class T>
  void Shuffle(std::span<T> items) {
    for (std::size_t left = items.size(); left > 1; --left)
      std::swap(items[left - 1], items[static_cast<std::size_t>(Below(left))]);
  }

 private:
  /// Words are drawn in blocks of four: one at first, since most streams are short, later many at
  /// once, which vectors do in a quarter of the time. The words are the same, and so is their
  /// order: how many are drawn ahead shows nowhere.
  static constexpr std::uint32_t kMostWords = 64;
  void Refill();
  void FirstBlock();

  RandomKey key_;
  /// The next block that is not in words_.
  std::uint64_t block_ = 0;
  /// Of words_: how many have been given out, and how many there are.
  std::uint32_t used_ = 0, drawn_ = 0;
  std::uint32_t words_[kMostWords];
};

}  // namespace delstep
