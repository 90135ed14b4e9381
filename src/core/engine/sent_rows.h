#pragma once
/// The numbers of what nodes send: computed here, and in a run of many processes at the process that
/// keeps the rows of each node, as those of core/engine/compute.h. What is sent, and why:
/// core/acts/outgoing.h and core/acts/attack.h.
///
/// Results come in the order of the pieces, with the same bits wherever they were computed.
/// Threads: one caller at a time; the engine's workers share the pieces.
#include <cstdint>
#include <span>
#include <vector>

#include "core/engine/engine.h"
#include "core/world/attack.h"
#include "core/world/row.h"
#include "delstep/learner.h"
#include "delstep/random.h"
#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

/// What one node sends, to be made of its rows, which stay as they are.
struct Encoding {
  enum class Way : std::uint8_t {
    kWhole,   ///< model
    kNews,    ///< base + compressed (model - base): base is what the receivers know
    kChange,  ///< (model - base) / scale, but buffers as in the model; base is the anchor
    kPart,    ///< base + scale * (model - base)
  };
  Way way = Way::kWhole;
  NodeId node{};
  Row model, base{};        ///< `base` is empty for kWhole
  Row residual{};           ///< added before compression; may be empty
  double scale = 1;         ///< 0 makes kChange a row of zeros
  bool compressed = false;  ///< by the engine's compressor, with draws from `key`
  bool keeps_residual = false;
  RandomKey key{};
};
struct Encoded {
  Row row;
  Row residual{};   ///< what compression has left out, where it was to be kept
  Bytes bytes = 0;  ///< that a compressed row weighs on the wire, without the header
};
/// Errors: of a process that cannot begin to compute.
Result<std::vector<Encoded>> EncodeRows(Engine& engine, std::span<const Encoding> encodings);

/// A row that one attacker or several send.
struct AttackedRow {
  NodeId node{};  ///< the first of them
  Attack attack;
  RandomKey key;
  Row row;  ///< what would have been sent
};
/// What is sent instead. Errors: of a process that cannot begin to compute.
Result<std::vector<Row>> AttackRows(Engine& engine, std::span<const AttackedRow> attacked);

/// The same, of rows that are all here.
std::vector<Encoded> EncodeHere(Engine& engine, std::span<const Encoding> encodings);
std::vector<Row> AttackHere(Engine& engine, std::span<const AttackedRow> attacked);

/// out <- (model - anchor) / scale, but buffers as in the model; zeros where scale is 0.
void WriteChange(const RowLayout& layout, std::span<const float> model,
                 std::span<const float> anchor, double scale, std::span<float> out);
/// The other way: anchor + scale * change, but buffers as in the change.
void ApplyChange(const RowLayout& layout, std::span<const float> anchor, double scale,
                 std::span<float> change);

}  // namespace delstep
