#pragma once
/// What the curves and the heat map of a page are drawn from: a few numbers per node and moment.
///
/// A page draws all moments on the way to one of them, at once, and snapshots of the oldest are
/// dropped. So each moment is sampled once, when a thread of the server first sees it. Columns that
/// did not change from one moment to the next are stored once.
///
///   samples.Put(SampleOf(facts, distances), number, parent);
///   for (const MomentSample* sample : samples.Way(41)) ...
///
/// Metrics have the names of metrics.csv: "test_acc:local", "test_loss:local", "train_loss",
/// "staleness" (seconds; mean age of the guestbook). Beside them is "distance" (to the mean model).
/// Threads: any, for MomentSamples.
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "console/history/moments.h"
#include "recording/moment_facts.h"

namespace delstep {

/// A value per node ever, by number; NaN: it has none.
using SampleColumn = std::shared_ptr<const std::vector<float>>;

struct MomentSample {
  MomentNumber number = 0;
  SimTime at{};
  std::uint64_t cycle = 0, bytes = 0, sent = 0, lost = 0;
  std::map<std::string, SampleColumn> columns{};
  std::optional<double> consensus{};  ///< mean of the squared distances
  std::string last_scope{};           ///< of the last test; empty: there was none

  /// Null: nobody has a value.
  const std::vector<float>* Find(const std::string& metric) const;
};

/// "test_acc:local", and "test_acc" for the scope `general`, as metrics.csv has it.
std::string TestMetric(std::string_view metric, const std::string& scope);

/// `distances`: of the present nodes' models to their mean, in the order of `facts.nodes`; empty: not
/// known.
MomentSample SampleOf(const MomentFacts& facts, std::span<const double> distances);

class MomentSamples {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{128} << 20;

  explicit MomentSamples(std::size_t most_bytes = kMostBytes) : most_bytes_(most_bytes) {}

  /// Replaces what was known of the moment. Beyond `most_bytes` the oldest samples go.
  void Put(MomentSample sample, MomentNumber number, std::optional<MomentNumber> parent);
  /// Null: the moment was not sampled, or is forgotten.
  std::shared_ptr<const MomentSample> Find(MomentNumber number) const;
  std::size_t size() const;
  /// From the start to this moment. Moments that were never sampled are left out.
  std::vector<std::shared_ptr<const MomentSample>> Way(MomentNumber to) const;

 private:
  struct Kept {
    std::shared_ptr<const MomentSample> sample;
    std::size_t bytes = 0;  // of columns that the parent does not share
  };
  void Share(MomentSample& sample, std::optional<MomentNumber> parent, std::size_t& bytes) const;

  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::map<MomentNumber, Kept> kept_;  // guarded by mutex_, as are the next two
  std::map<MomentNumber, std::optional<MomentNumber>> parents_;
  std::size_t bytes_ = 0;
};

}  // namespace delstep
