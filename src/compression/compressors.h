#pragma once
/// The built-in compressors. d is the number of parameters, k = max(1, round(ratio * d)).
///
/// Sparsification, which leaves k values as they are and makes the others 0:
/// - `top-k`: those of the largest magnitude, of equals the first. Aji and Heafield, "Sparse
///   communication for distributed gradient descent", EMNLP 2017; with error feedback, Stich et
///   al., "Sparsified SGD with memory", NeurIPS 2018, definition 2.1. Bytes: 4 k for the values,
///   and for their places 4 k or a bit a parameter, whichever is less.
/// - `random-k`: k places drawn at random, without repetition; values are not scaled up. Stich et
///   al. 2018, definition 2.1. Bytes: 4 k, and 8 for the seed that the receiver draws the places
///   from.
///
/// Quantization, tensor by tensor:
/// - `int8`: round(127 x / m) with m = the largest |x| of the tensor. Bytes: d, and 4 a tensor.
/// - `stochastic`: in runs of 512 values (fewer at the end of a tensor), scaled by their largest
///   |x|, rounded up or down to one of s = 2^(bits - 1) - 1 levels at random so that the mean is x.
///   Alistarh et al., "QSGD: Communication-efficient SGD via gradient quantization and encoding",
///   NeurIPS 2017, equation 4, with the buckets and the scaling by the maximum of its section 4.
///   Bytes: bits d / 8, and 4 a run.
///
/// Of values that are infinite, or no numbers (NaN), as of a node whose training has diverged: to
/// `top-k` a NaN is as large as infinity. Of a tensor, or run, that holds any of them, `int8` and
/// `stochastic` decode NaN alone, as the formulas above do with an infinite scale.
///
/// Koloskova et al., "Decentralized stochastic optimization and gossip algorithms with compressed
/// communication", ICML 2019 (CHOCO-SGD), compress the difference between a node's parameters and
/// what its neighbours know of them: that is what the core hands to a compressor where parameters
/// are shared.
#include "delstep/registry.h"

namespace delstep {

using CompressorResult = Result<std::unique_ptr<Compressor>>;
CompressorResult MakeTopK(const CompressionOptions& options);
CompressorResult MakeRandomK(const CompressionOptions& options);
CompressorResult MakeInt8(const CompressionOptions& options);
CompressorResult MakeStochastic(const CompressionOptions& options);

/// Enters all of them, and `none`, which makes an empty pointer.
void AddCompressors(Parts<MakeCompressor>& parts);

}  // namespace delstep
