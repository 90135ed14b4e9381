#include "network/remote/protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/json.h"

namespace delstep::remote {
namespace {

std::int64_t Ns(SimTime time) { return time.time_since_epoch().count(); }

std::string_view Word(Latency::Kind kind) {
  switch (kind) {
    case Latency::Kind::kUniform:
      return "uniform";
    case Latency::Kind::kNormal:
      return "normal";
    case Latency::Kind::kExponential:
      return "exponential";
    case Latency::Kind::kConstant:
      break;
  }
  return "constant";
}

// A plain number is what every helper understands; the other kinds are told only to those whose
// traits say that they have them.
std::string LatencyText(const Latency& latency) {
  if (latency.kind == Latency::Kind::kConstant) return fmt::format("{}", latency.a.count());
  return fmt::format(R"({{"kind":"{}","a":{},"b":{}}})", Word(latency.kind), latency.a.count(),
                     latency.b.count());
}

// JSON has no infinity: a bandwidth without limit becomes null.
std::string LinkText(const LinkProperties& link) {
  return fmt::format(R"({{"loss":{},"latency":{},"bandwidth":{},"up":{}}})", JsonNumber(link.loss),
                     LatencyText(link.latency), JsonNumber(link.bandwidth), link.up);
}

std::string IdsText(std::span<const MessageId> ids) {
  std::string text = "[";
  for (const MessageId id : ids)
    fmt::format_to(std::back_inserter(text), "{}{}", text.size() > 1 ? "," : "",
                   static_cast<std::uint64_t>(id));
  return text + ']';
}

// Lines are made by hand: they are told by the thousand, and no value in them needs an escape.
/// Writes the line of each kind of change.
struct LineWriter {
  std::string& out;

  template <class... Values>
  void Write(fmt::format_string<Values...> form, Values&&... values) const {
    fmt::format_to(std::back_inserter(out), form, std::forward<Values>(values)...);
  }

  void operator()(const Attached& change) const {
    Write("{{\"do\":\"attach\",\"node\":{}}}\n", Index(change.node));
  }
  void operator()(const Detached& change) const {
    Write("{{\"do\":\"detach\",\"node\":{}}}\n", Index(change.node));
  }
  void operator()(const Switched& change) const {
    Write("{{\"do\":\"node\",\"node\":{},\"up\":{}}}\n", Index(change.node), change.up);
  }
  void operator()(const DefaultSet& change) const {
    Write("{{\"do\":\"default\",\"link\":{}}}\n", LinkText(change.link));
  }
  void operator()(const LinkSet& change) const {
    Write("{{\"do\":\"link\",\"from\":{},\"to\":{},\"link\":{}}}\n", Index(change.from),
          Index(change.to), LinkText(change.link));
  }
  void operator()(const LinkCleared& change) const {
    Write("{{\"do\":\"clear\",\"from\":{},\"to\":{}}}\n", Index(change.from), Index(change.to));
  }
  void operator()(const CapacitySet& change) const {
    Write("{{\"do\":\"capacity\",\"node\":{},\"up\":{},\"down\":{}}}\n", Index(change.node),
          JsonNumber(change.up), JsonNumber(change.down));
  }
  void operator()(const Moves& change) const {
    Write("{{\"do\":\"legs\",\"node\":{},\"legs\":[", Index(change.node));
    // Places are written so that they are read back as the same numbers: who is in reach must not
    // depend on the way to the helper.
    for (const Way& way : change.ways)
      Write("{}[{},{},{},{},{},{}]", &way == change.ways.data() ? "" : ",", Ns(way.begins),
            JsonNumber(way.x0), JsonNumber(way.y0), Ns(way.ends), JsonNumber(way.x1),
            JsonNumber(way.y1));
    out += "]}\n";
  }
  void operator()(const Sent& change) const {
    const Message& message = change.message;
    Write("{{\"do\":\"send\",\"id\":{},\"from\":{},\"to\":{},\"bytes\":{}}}\n",
          static_cast<std::uint64_t>(message.id), Index(message.from), Index(message.to),
          std::max<Bytes>(message.bytes, 1));
  }
  void operator()(const Withdrawn& change) const {
    Write("{{\"do\":\"withdraw\",\"ids\":{}}}\n", IdsText(change.messages));
  }
  void operator()(const Passed& change) const {
    Write("{{\"do\":\"advance\",\"to\":{}}}\n", Ns(change.to));
  }
};

}  // namespace

void AppendLine(std::string& out, const Change& change) { std::visit(LineWriter{out}, change); }

std::string BeginLine(std::string_view backend, std::uint64_t seed, const LinkProperties& link,
                      std::string_view options) {
  return fmt::format(
      "{{\"do\":\"begin\",\"protocol\":{},\"backend\":{},\"seed\":{},\"link\":{},\"options\":{}}}"
      "\n",
      kProtocol, JsonString(backend), seed, LinkText(link), options);
}

std::string NextLine(SimTime limit) {
  return fmt::format("{{\"do\":\"next\",\"limit\":{}}}\n", Ns(limit));
}

std::string DrainLine(std::span<const MessageId> until) {
  return fmt::format("{{\"do\":\"drain\",\"until\":{}}}\n", IdsText(until));
}

std::string ForkLine() { return "{\"do\":\"fork\"}\n"; }

}  // namespace delstep::remote
