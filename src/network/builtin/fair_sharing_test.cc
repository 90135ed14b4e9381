// network.sharing = "fair" beside a naive one in real numbers, which moves from one change of rates
// to the next.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <map>
#include <tuple>

#include "network/builtin/builtin_network.h"
#include "tests/fakes/naive_max_min.h"

namespace delstep {
namespace {

constexpr std::uint32_t kNodes = 5;
constexpr double kNoLimit = std::numeric_limits<double>::infinity();

struct NaiveTransfer {
  std::uint32_t from, to;
  double sent, bits, limit;  // nanoseconds, bits left, bits per second
  double end = -1;           // nanoseconds; below 0: not yet
};

/// Sets `end` of all transfers, which are in the order of sending.
void NaiveFair(std::vector<NaiveTransfer>& transfers, const std::vector<double>& capacities) {
  double now = 0;
  for (;;) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> first;  // of each link
    double next_sent = kNoLimit;
    for (std::size_t k = 0; k < transfers.size(); ++k) {
      const NaiveTransfer& t = transfers[k];
      if (t.end >= 0) continue;
      if (t.sent > now) next_sent = std::min(next_sent, t.sent);
      if (t.sent <= now) first.emplace(std::pair{t.from, t.to}, k);
    }
    if (first.empty() && std::isinf(next_sent)) return;
    std::vector<Demand> demands;
    std::vector<std::size_t> streams;
    for (const auto& [link, k] : first) {
      demands.push_back(
          {.up = link.first, .down = kNodes + link.second, .limit = transfers[k].limit});
      streams.push_back(k);
    }
    const std::vector<double> rates = fakes::NaiveMaxMinRates(demands, capacities);
    double next = next_sent;
    for (std::size_t d = 0; d < streams.size(); ++d)
      next = std::min(next, now + transfers[streams[d]].bits * 1e9 / rates[d]);
    for (std::size_t d = 0; d < streams.size(); ++d) {
      NaiveTransfer& t = transfers[streams[d]];
      t.bits -= rates[d] * (next - now) / 1e9;
      if (t.bits < 1e-3) t.end = next;
    }
    now = next;
  }
}

TEST(FairSharingOracle, TransfersEndAsInTheNaiveOne) {
  using Row = std::tuple<std::uint8_t, std::uint8_t, std::uint16_t, std::uint8_t>;
  const auto run = [](const std::vector<Row>& rows, const std::vector<std::uint8_t>& sizes) {
    NetworkOptions options;
    options.sharing = "fair";
    auto network = *MakeBuiltinNetwork(options, 1);
    std::vector<double> capacities(2 * kNodes, 3e6);
    for (std::size_t r = 0; r < std::min<std::size_t>(sizes.size(), 2 * kNodes); ++r)
      capacities[r] = 1e6 + sizes[r] * 1e5;
    for (std::uint32_t node = 0; node < kNodes; ++node) {
      RC_ASSERT(network->Attach(NodeId{node}).ok());
      RC_ASSERT(
          network->SetCapacity(NodeId{node}, capacities[node], capacities[kNodes + node]).ok());
    }
    std::vector<NaiveTransfer> transfers;
    std::vector<double> ends(rows.size(), -1);
    const auto take = [&](const Passage& passage) {
      for (const Outcome& outcome : passage)
        ends[static_cast<std::size_t>(outcome.message.id)] =
            static_cast<double>(outcome.at.time_since_epoch().count());
    };
    for (const auto& [first, second, amount, pause] : rows) {
      const std::uint32_t from = first % kNodes, to = (from + 1 + second % (kNodes - 1)) % kNodes;
      const double limit = amount % 4 == 0 ? 5e5 + amount : kNoLimit;
      RC_ASSERT(network->SetLink(NodeId{from}, NodeId{to}, {.bandwidth = limit}).ok());
      if (pause % 2 == 0) take(*network->AdvanceTo(network->now() + Duration(pause * 100'000)));
      transfers.push_back({.from = from,
                           .to = to,
                           .sent = static_cast<double>(network->now().time_since_epoch().count()),
                           .bits = 8.0 * (amount + 1),
                           .limit = limit});
      RC_ASSERT(
          network
              ->Send({MessageId{transfers.size() - 1}, NodeId{from}, NodeId{to}, Bytes{amount} + 1})
              .ok());
    }
    take(*network->Drain());
    NaiveFair(transfers, capacities);
    // Each end is rounded up to a nanosecond, and moves those after it by as much at most; one
    // whose last bits go at a small rate moves by the ratio of the rates, up to 53 here.
    const double tolerance = 60.0 * static_cast<double>(rows.size() + 1);
    for (std::size_t k = 0; k < transfers.size(); ++k)
      RC_ASSERT(std::abs(ends[k] - transfers[k].end) <= tolerance);
  };
  EXPECT_TRUE(rc::check(run));
}

}  // namespace
}  // namespace delstep
