#pragma once
/// The inner loops of learning and aggregation, in one variant an instruction set.
///
/// All variants are compiled from one source. `portable` rounds every operation by itself, so it
/// gives the same bits on every machine; the others fuse multiply and add, so their bits hold for
/// the instruction set. No result depends on alignment or threads. Matrices are row-major; a stride
/// is the distance of rows in floats. Kernels keep no state and may run on any thread.
#include <cstddef>
#include <cstdint>
#include <span>

#include "delstep/random.h"

namespace delstep {

/// c[i][j] = start[j] + sum over p < k, in order, of a(i, p) * b[p][j], for i < m and j < n, where
/// a(i, p) = a[i * a_row + p * a_column] (so a transposed matrix needs no copy).
/// n is a multiple of kColumnStep; c overlaps nothing; b has room for n floats also where k is 0.
struct Product {
  std::size_t m = 0, n = 0, k = 0;
  const float* a = nullptr;
  std::size_t a_row = 0, a_column = 1;
  const float* b = nullptr;
  std::size_t b_stride = 0;
  const float* start = nullptr;  ///< n floats; null: zeros
  float* c = nullptr;
  std::size_t c_stride = 0;
};
inline constexpr std::size_t kColumnStep = 16;
constexpr std::size_t PaddedColumns(std::size_t n) {
  return (n + kColumnStep - 1) / kColumnStep * kColumnStep;
}

/// Inputs of a batch that are mostly zeros: those alone that are not, in blocks of neighbours. Of
/// handwritten digits 81 % of the features are 0, and 72 % of the blocks of four. An entry is a
/// block of one example; the entries of the same block lie side by side, their examples ascending.
inline constexpr std::size_t kInputBlock = 4;
struct SparseInputs {
  std::size_t blocks = 0;                   ///< of an example
  const std::uint32_t* starts = nullptr;    ///< [block]: its first entry; [blocks]: their number
  const std::uint32_t* examples = nullptr;  ///< [entry]
  const float* values = nullptr;            ///< [entry * kInputBlock + i]
};
/// Operands of the products with them; `stride` is n as well as the stride of b and c.
struct SparseProduct {
  SparseInputs inputs;
  const float* b = nullptr;
  float* c = nullptr;
  std::size_t stride = 0;
};

/// What becomes SparseInputs: the blocks of some examples that are not all 0. An input is scale * a
/// byte. Kernels write whole registers, so there is room for kPickingSlack entries more than there
/// are blocks, and for kPickingScratch * stride words of scratch.
struct BlockPicking {
  std::size_t examples = 0;
  std::size_t blocks = 0;                         ///< of an example
  const std::uint8_t* const* features = nullptr;  ///< [example]: blocks * kInputBlock bytes
  float scale = 0;
  std::size_t stride = 0;  ///< PickingStride(examples)
  std::uint32_t* scratch = nullptr;
  std::uint32_t* starts = nullptr;  ///< blocks + 1 of them
  std::uint32_t* entry_examples = nullptr;
  float* values = nullptr;
};
inline constexpr std::size_t kPickingSlack = 16, kPickingScratch = 9;
/// Whole cache lines, an odd number of them: columns of the scratch would otherwise meet in a few
/// places of the cache.
constexpr std::size_t PickingStride(std::size_t examples) {
  return kPickingSlack * ((examples + kPickingSlack - 1) / kPickingSlack | 1);
}

/// to[c][r] = from[r][c], for r < rows and c < columns.
struct Transposition {
  std::size_t rows = 0, columns = 0;  ///< of `from`
  const float* from = nullptr;
  std::size_t from_stride = 0;
  float* to = nullptr;
  std::size_t to_stride = 0;
};

/// losses[r] = -log softmax(x[r])[labels[r]] in nats; x becomes scale * its gradient. Columns from
/// `classes` to `stride` become 0.
struct SoftmaxCrossEntropy {
  std::size_t rows = 0, classes = 0, stride = 0;
  const std::int32_t* labels = nullptr;
  float scale = 1;
  float* x = nullptr;
  float* losses = nullptr;
};

/// Parameters and what belongs to them, `size` floats each; the arrays do not overlap.
struct FlatParameters {
  std::size_t size = 0;
  const float* gradient = nullptr;
  float* weights = nullptr;
  float* moments[2] = {};  ///< what the rule of update keeps, in the order that it says
};

/// One update by torch.optim.SGD: g += weight_decay * w, then w -= rate * g.
struct SgdUpdate {
  float rate = 0;
  float weight_decay = 0;
  float momentum = 0;  ///< of sgd_momentum() alone
};

/// One update by Adam (Kingma and Ba 2015, algorithm 1, in the order of operations of
/// torch.optim.Adam). Moments: of first and of second order.
struct AdamUpdate {
  float weight_decay = 0;  ///< g += weight_decay * w
  float beta1 = 0, beta2 = 0;
  float rest1 = 0, rest2 = 0;  ///< 1 - beta1, 1 - beta2: rounded once, from double
  float step_size = 0;         ///< lr / (1 - beta1^t)
  float root_scale = 0;        ///< 1 / sqrt(1 - beta2^t)
  float epsilon = 0;
};

/// A row and its weight in a sum; the row is read in place.
struct WeightedTerm {
  const float* row = nullptr;
  float weight = 0;
};

/// Sums over the same rows with other weights; what is read of a row serves all of them.
inline constexpr std::size_t kSumsTogether = 6;
struct SumTile {
  std::size_t count = 0;               ///< of rows
  const WeightedTerm* rows = nullptr;  ///< their weights are ignored
  const float* weights = nullptr;      ///< weights[k * kSumsTogether + s]
  float* out[kSumsTogether] = {};
};

/// One update by RMSprop (Hinton's lecture 6e, not centred, in the order of operations of
/// torch.optim.RMSprop): square = alpha * square + rest * g * g, then step = g / (sqrt(square) +
/// epsilon). Moments: square, then (with momentum) velocity.
struct RmspropUpdate {
  float rate = 0;
  float weight_decay = 0;     ///< g += weight_decay * w
  float momentum = 0;         ///< of rmsprop_momentum() alone
  float alpha = 0, rest = 0;  ///< rest: 1 - alpha, rounded once, from double
  float epsilon = 0;
};

/// Operands that are easily taken for each other come in a struct, by name. Of the other kernels
/// the first operand is a length, then come numbers, then what is read, last what is written.
struct Kernels {
  const char* name;  ///< "portable", "avx2", "avx512"
  bool fused;        ///< multiply and add round once
  /// Of c, that multiply() keeps in registers: multiples of it are multiplied fastest.
  std::size_t tile_rows;

  void (*multiply)(const Product& product);
  /// Of `blocks` blocks of kInputBlock bytes those that are not all 0.
  std::size_t (*count_blocks)(std::size_t blocks, const std::uint8_t* features);
  void (*pick_blocks)(const BlockPicking& picking);
  /// c += x b, where x are the inputs, an example a row; c = x^T b. Terms are added in the order of
  /// multiply(), and a term left out would have added 0: where b is finite the bits are those of
  /// multiply(), but for the sign of zeros.
  void (*sparse_multiply)(const SparseProduct& product);
  void (*sparse_gradient)(const SparseProduct& product);
  void (*transpose)(const Transposition& transposition);

  /// out[i] = scale * in[i] + shift.
  void (*convert)(std::size_t n, const std::uint8_t* in, float scale, float shift, float* out);
  void (*relu)(std::size_t n, float* x);
  void (*tanh)(std::size_t n, float* x);
  /// d becomes the gradient before the activation whose result is y.
  void (*relu_gradient)(std::size_t n, const float* y, float* d);
  void (*tanh_gradient)(std::size_t n, const float* y, float* d);
  /// out[i] = x[i] * y[i]; out may be x.
  void (*scale_each)(std::size_t n, const float* x, const float* y, float* out);
  /// Four words each of `blocks` blocks of the stream `key` (see delstep/random.h), from `block`
  /// on: the same in every variant.
  void (*philox)(RandomKey key, std::uint64_t block, std::size_t blocks, std::uint32_t* words);
  /// mask[i] = 0 where 16 random bits are below `threshold`, else `kept`. n is even: words[i]
  /// decides with its low half on mask[i], with its high half on mask[n / 2 + i].
  void (*dropout_mask)(std::size_t n, const std::uint32_t* words, std::uint32_t threshold,
                       float kept, float* mask);

  void (*softmax_cross_entropy)(const SoftmaxCrossEntropy& scores);

  void (*adam)(const AdamUpdate& update, const FlatParameters& parameters);
  void (*sgd)(const SgdUpdate& update, const FlatParameters& parameters);
  /// With g replaced by velocity = momentum * velocity + g; the velocity is the moment.
  void (*sgd_momentum)(const SgdUpdate& update, const FlatParameters& parameters);
  /// w -= rate * step.
  void (*rmsprop)(const RmspropUpdate& update, const FlatParameters& parameters);
  /// velocity = momentum * velocity + step; w -= rate * velocity.
  void (*rmsprop_momentum)(const RmspropUpdate& update, const FlatParameters& parameters);
  /// x[i] += scale * (y[i] - z[i]).
  void (*add_difference)(std::size_t n, float scale, const float* y, const float* z, float* x);
  /// x[i] *= scale.
  void (*scale)(std::size_t n, float scale, float* x);
  /// Sum of x[i]^2: squares and sums in double, added in the same order by every variant.
  double (*sum_of_squares)(std::size_t n, const float* x);

  bool (*all_finite)(std::size_t n, const float* x);
  /// out[c] = sum over the terms, in order, of weight * row[c], for c in [begin, end).
  void (*weighted_sum)(std::size_t count, const WeightedTerm* terms, std::size_t begin,
                       std::size_t end, float* out);
  /// The same for results that no cache would hold until they are read: they go to memory directly.
  /// Other threads may read them once this one has called finish_stores().
  void (*weighted_sum_past_cache)(std::size_t count, const WeightedTerm* terms, std::size_t begin,
                                  std::size_t end, float* out);
  void (*finish_stores)();
  /// The sums of a tile for the columns from `begin`, as weighted_sum() forms them, up to the one
  /// returned: fewer than 16 are left before `end`.
  std::size_t (*weighted_tile)(const SumTile& tile, std::size_t begin, std::size_t end);
};

const Kernels& PortableKernels();
/// The widest that this processor can run; or those that the environment variable DELSTEP_KERNELS
/// named when they were first asked for. The variable is for benchmarks and tests: it shows what a
/// smaller processor would do. A name that is unknown or that the processor cannot run counts for
/// nothing: programs call CheckChosenKernels() first.
const Kernels& BestKernels();
/// All that this processor can run, the portable ones first.
std::span<const Kernels* const> RunnableKernels();

}  // namespace delstep
