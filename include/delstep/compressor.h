#pragma once
/// The compression port: what is left of a row of numbers once it has been sent. Nothing is really
/// encoded: a compressor says what the receiver would decode and how many bytes that would take,
/// since only sizes travel (network.h). docs/guide/communication.md tells what users see of it.
#include <span>

#include "delstep/learner.h"
#include "delstep/random.h"
#include "delstep/types.h"

namespace delstep {

/// A way to send fewer bytes, stateless. What it leaves out is kept by the core, which adds it to
/// what the node sends next (`compression.error_feedback`).
///
/// Threads: const calls may run at the same time. Results depend on nothing but the arguments.
/// Errors: none. Options that make no sense are refused when the compressor is made.
class Compressor {
 public:
  virtual ~Compressor() = default;

  /// Replaces `values`, a row of that layout, by what a receiver decodes, and returns the bytes of
  /// the encoded form, without the message's header (64 bytes). `values` is a model, a difference
  /// of models or a gradient. The core sends buffers whole: `layout` then lists parameters only,
  /// layout.payload counts these, and what `layout` does not list must be left as it is. Requires
  /// values.size() == layout.floats and a payload above 0; gaps hold 0 and stay 0. Draws from `key`
  /// alone; equal arguments give equal bits on any thread.
  ///
  /// Values may be infinite, or no numbers (NaN), as those of a node whose training has diverged.
  /// A compressor may leave them out as it does others, but must not make a number of them.
  Bytes Compress(const RowLayout& layout, std::span<float> values, RandomKey key) const;

 private:
  /// To implement; the requirements of Compress() hold.
  virtual Bytes DoCompress(const RowLayout& layout, std::span<float> values,
                           RandomKey key) const = 0;
};

}  // namespace delstep
