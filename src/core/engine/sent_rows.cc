#include "core/engine/sent_rows.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "core/cluster/cluster.h"
#include "core/engine/buffers.h"
#include "core/engine/spread.h"

namespace delstep {
namespace {

constexpr Bytes kBytesPerNumber = 4;

/// out = f(a, b), number by number; out may be one of them.
template <class F>
void Combine(std::span<const float> a, std::span<const float> b, std::span<float> out, F f) {
  std::transform(a.begin(), a.end(), b.begin(), out.begin(), f);
}

// Buffers are values in every message: what a compressor rounds, or a sum of changes of a variance, may
// be no variance any more.
void CopyBuffers(const RowLayout& layout, std::span<const float> from, std::span<float> out) {
  ForEachBuffer(layout, [&](std::size_t begin, std::size_t end) {
    std::ranges::copy(from.subspan(begin, end - begin), out.subspan(begin).begin());
  });
}

/// What a compressor sees. Buffers stay in the row, and travel as they are.
RowLayout WithoutBuffers(RowLayout layout) {
  std::erase_if(layout.tensors, [&](const TensorSpec& tensor) {
    const bool is_buffer = tensor.role == TensorSpec::Role::kBuffer;
    if (is_buffer) layout.payload -= tensor.floats;
    return is_buffer;
  });
  return layout;
}

/// Before compression.
void WriteUncompressed(const RowLayout& layout, const Encoding& encoding, std::span<float> out) {
  const std::span<const float> model = encoding.model.view();
  switch (encoding.way) {
    case Encoding::Way::kWhole:
      std::ranges::copy(model, out.begin());
      break;
    case Encoding::Way::kNews:
      Combine(model, encoding.base.view(), out, std::minus<>());
      break;
    case Encoding::Way::kChange:
      WriteChange(layout, model, encoding.base.view(), encoding.scale, out);
      break;
    case Encoding::Way::kPart: {
      const auto scale = static_cast<float>(encoding.scale);
      Combine(model, encoding.base.view(), out,
              [scale](float after, float before) { return before + scale * (after - before); });
      break;
    }
  }
}

Encoded EncodeOne(const Engine& engine, const Encoding& encoding) {
  const RowLayout& layout = engine.learner->layout().model;
  Encoded done{.row = engine.model_rows->New()};
  const std::span<float> out = done.row.Write();
  WriteUncompressed(layout, encoding, out);
  if (!encoding.compressed) return done;
  // What was left out so far is added to what is new (Stich et al. 2018, algorithm 1).
  if (!encoding.residual.empty()) Combine(out, encoding.residual.view(), out, std::plus<>());
  if (encoding.keeps_residual) done.residual = engine.model_rows->Copy(done.row);
  const RowLayout parameters = WithoutBuffers(layout);
  done.bytes = engine.compressor->Compress(parameters, out, encoding.key) +
               kBytesPerNumber * (layout.payload - parameters.payload);
  if (encoding.keeps_residual) {
    // What was to be sent, minus what comes through, is left for the next message.
    const std::span<float> left = done.residual.Write();
    Combine(left, out, left, std::minus<>());
  }
  // The row becomes what the receivers know afterwards: that is what they average.
  if (encoding.way == Encoding::Way::kNews) Combine(out, encoding.base.view(), out, std::plus<>());
  return done;
}

/// Calls f(numbers) for the parameters of each tensor: a row without its buffers and gaps.
template <class F>
void ForEachParameters(const RowLayout& layout, std::span<float> row, F f) {
  for (const TensorSpec& tensor : layout.tensors)
    if (tensor.role == TensorSpec::Role::kParameter) f(row.subspan(tensor.offset, tensor.floats));
}

/// Turns what would have been sent into what is. Draws come in the order of the layout, so that the
/// same key gives the same row whatever it held.
void ChangeRow(const Attack& attack, RandomKey key, const RowLayout& layout, std::span<float> row) {
  using Kind = Attack::Kind;
  Random random(key);
  const auto factor = static_cast<float>(attack.kind == Kind::kSignFlip ? -1 : attack.value);
  ForEachParameters(layout, row, [&](std::span<float> numbers) {
    for (float& number : numbers) switch (attack.kind) {
        case Kind::kSignFlip:
        case Kind::kScale:
          number *= factor;
          break;
        case Kind::kNoise:
          number += static_cast<float>(attack.value * random.Normal());
          break;
        case Kind::kZero:
          number = 0;
          break;
        case Kind::kSame:
          number = static_cast<float>(random.Normal());
          break;
        case Kind::kOff:
          break;
      }
  });
}

// ---- Elsewhere. Rows that are made there have their names before they exist, as in
// compute_everywhere.cc.

std::uint64_t NumberOrNone(const Row& row) { return row.empty() ? 0 : row.version(); }

void AddEncoding(Round& round, int process, const Encoding& encoding, const Encoded& done) {
  for (const Row* row : {&encoding.model, &encoding.base, &encoding.residual})
    if (!row->empty()) round.Need(*row, process);
  ByteWriter& writer = round.Item(process, Work::kEncode);
  writer.Add(static_cast<std::uint64_t>(encoding.way));
  writer.Add(encoding.model.version());
  writer.Add(NumberOrNone(encoding.base));
  writer.Add(NumberOrNone(encoding.residual));
  writer.Add(encoding.scale);
  writer.Add(encoding.compressed);
  writer.Add(encoding.keeps_residual);
  Add(writer, encoding.key);
  writer.Add(done.row.version());
  writer.Add(NumberOrNone(done.residual));
}

// As in compute_everywhere.cc: one round, in which the leader makes what its own nodes send while
// the others make theirs. Where rows are at home already, as after a training, nothing travels.
Result<std::vector<Encoded>> EncodeEverywhere(Engine& engine, std::span<const Encoding> encodings) {
  std::vector<Encoded> all(encodings.size());
  SpreadWork<Encoding, Encoded> spread(static_cast<std::size_t>(engine.cluster->size()));
  std::vector<Encoding> here;
  Round round(*engine.cluster, engine.name);
  for (std::size_t i = 0; i < encodings.size(); ++i) {
    const Encoding& encoding = encodings[i];
    const int process = engine.homes.Of(encoding.node);
    if (process == 0) {
      for (const Row* row : {&encoding.model, &encoding.base, &encoding.residual})
        if (!row->empty()) round.Need(*row, 0);
      spread.Keep(encoding, all[i]);
      here.push_back(encoding);
      continue;
    }
    all[i].row = engine.model_rows->NewAt(process);
    if (encoding.keeps_residual) all[i].residual = engine.model_rows->NewAt(process);
    AddEncoding(round, process, encoding, all[i]);
    spread.elsewhere[static_cast<std::size_t>(process)].push_back(&all[i]);
  }
  round.Start();
  std::vector<Encoded> of_here = EncodeHere(engine, here);
  for (std::size_t i = 0; i < of_here.size(); ++i) *spread.done_here[i] = std::move(of_here[i]);
  const auto answers = round.Finish();
  if (!answers) return answers.error();
  spread.Gather(answers, [](ByteReader& reader, Encoded& done) { done.bytes = reader.Number(); });
  return all;
}

// A row that several attackers send is made at the home of the first, and goes to receivers elsewhere when
// these first need it.
Result<std::vector<Row>> AttackEverywhere(Engine& engine, std::span<const AttackedRow> attacked) {
  std::vector<Row> all(attacked.size());
  std::vector<AttackedRow> here;
  std::vector<std::size_t> places;  // of those that stay here
  Round round(*engine.cluster, engine.name);
  for (std::size_t i = 0; i < attacked.size(); ++i) {
    const AttackedRow& one = attacked[i];
    const int process = engine.homes.Of(one.node);
    round.Need(one.row, process);
    if (process == 0) {
      here.push_back(one);
      places.push_back(i);
      continue;
    }
    all[i] = engine.model_rows->NewAt(process);
    ByteWriter& writer = round.Item(process, Work::kAttack);
    writer.Add(static_cast<std::uint64_t>(one.attack.kind));
    writer.Add(one.attack.value);
    Add(writer, one.key);
    writer.Add(one.row.version());
    writer.Add(all[i].version());
  }
  round.Start();
  std::vector<Row> of_here = AttackHere(engine, here);
  for (std::size_t i = 0; i < of_here.size(); ++i) all[places[i]] = std::move(of_here[i]);
  DELSTEP_TRY(round.Finish());
  return all;
}

}  // namespace

void WriteChange(const RowLayout& layout, std::span<const float> model,
                 std::span<const float> anchor, double scale, std::span<float> out) {
  Combine(model, anchor, out, std::minus<>());
  // Multiplied by the inverse, once for the row: that is what a gradient over the rate has always been,
  // and another order of roundings would change the bits of recorded runs.
  if (scale != 1)
    for (float& value : out) value *= scale == 0 ? 0.0f : static_cast<float>(1 / scale);
  CopyBuffers(layout, model, out);
}

void ApplyChange(const RowLayout& layout, std::span<const float> anchor, double scale,
                 std::span<float> change) {
  // Buffers are values already: they are put back as they came.
  const std::vector<float> values(change.begin(), change.end());
  const auto by = static_cast<float>(scale);
  Combine(anchor, change, change, [by](float from, float step) { return from + by * step; });
  CopyBuffers(layout, values, change);
}

std::vector<Encoded> EncodeHere(Engine& engine, std::span<const Encoding> encodings) {
  std::vector<Encoded> done(encodings.size());
  engine.workers->ForEach(encodings.size(),
                          [&](int, std::size_t i) { done[i] = EncodeOne(engine, encodings[i]); });
  return done;
}

// A row may be that of several messages and of the node itself, so it is copied first.
std::vector<Row> AttackHere(Engine& engine, std::span<const AttackedRow> attacked) {
  std::vector<Row> done(attacked.size());
  engine.workers->ForEach(attacked.size(), [&](int, std::size_t i) {
    done[i] = engine.model_rows->Copy(attacked[i].row);
    ChangeRow(attacked[i].attack, attacked[i].key, engine.learner->layout().model, done[i].Write());
  });
  return done;
}

Result<std::vector<Encoded>> EncodeRows(Engine& engine, std::span<const Encoding> encodings) {
  if (engine.cluster) return EncodeEverywhere(engine, encodings);
  return EncodeHere(engine, encodings);
}

Result<std::vector<Row>> AttackRows(Engine& engine, std::span<const AttackedRow> attacked) {
  if (engine.cluster) return AttackEverywhere(engine, attacked);
  return AttackHere(engine, attacked);
}

}  // namespace delstep
