#pragma once
/// The compression port: what is left of a row of numbers once it has been sent.
#include <span>

#include "delstep/learner.h"
#include "delstep/random.h"
#include "delstep/types.h"

namespace delstep {

/// A way to send fewer bytes, stateless. What it leaves out is kept by the core, which adds it to
/// what the node sends next (`compression.error_feedback`).
///
/// Threads: const calls may run at the same time. Results depend on nothing but the arguments.
class Compressor {
 public:
  virtual ~Compressor() = default;

  /// Replaces `values`, a row of that layout, by what a receiver decodes, and returns the bytes of
  /// the encoded form, without the message's header. Requires finite values; gaps hold 0 and stay
  /// 0. Draws from `key` alone.
  Bytes Compress(const RowLayout& layout, std::span<float> values, RandomKey key) const;

 private:
  virtual Bytes DoCompress(const RowLayout& layout, std::span<float> values,
                           RandomKey key) const = 0;
};

}  // namespace delstep
