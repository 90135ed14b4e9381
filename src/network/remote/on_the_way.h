#pragma once
/// The messages that a helper program carries: what was sent and has not ended. It tells which ends
/// a helper may report.
///
/// Times are those of the helper's clock. Threads: as for a value; copies share what neither has
/// changed.
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/cow.h"
#include "delstep/network.h"
#include "delstep/result.h"
#include "network/remote/protocol.h"

namespace delstep::remote {

class OnTheWay {
 public:
  struct Flight {
    Message message;
    SimTime sent{};
    std::uint64_t number = 0;  ///< in the order of sending
    friend bool operator==(const Flight&, const Flight&) = default;
  };

  OnTheWay() = default;
  /// As it was when InOrder() was this and sent() that.
  OnTheWay(const std::vector<Flight>& flights, std::uint64_t sent);

  std::size_t size() const { return flights_->size(); }
  bool empty() const { return flights_->empty(); }
  bool Has(MessageId id) const { return flights_->contains(static_cast<std::uint64_t>(id)); }
  /// Null if it is not there.
  const Flight* Find(MessageId id) const;

  /// Requires that it is not there.
  void Send(const Message& message, SimTime now);
  /// Requires that each is there: its end will not be reported.
  void Withdraw(std::span<const MessageId> messages);

  /// The messages that have ended since `before`, the moment of the last report, in their order.
  /// Everything that a helper could get wrong is looked at: each is on the way, ended once, not
  /// before it was sent nor before the last report, and not after `now`; the rows are ordered by
  /// (at, order of sending). Nothing changes.
  /// Errors: kUnavailable; the message says what cannot be, as part of a sentence.
  Result<Passage> Check(const Passing& passing, SimTime before) const;
  /// Takes off those that Check() has returned.
  void End(const Passage& passage);

  /// In the order of sending.
  std::vector<Flight> InOrder() const;
  /// How many were sent so far.
  std::uint64_t sent() const { return sent_; }

  friend bool operator==(const OnTheWay& x, const OnTheWay& y) {
    return x.flights_.SharesWith(y.flights_) || x.InOrder() == y.InOrder();
  }

 private:
  Cow<std::unordered_map<std::uint64_t, Flight>> flights_;  // by message
  std::uint64_t sent_ = 0;                                  // so far
};

}  // namespace delstep::remote
