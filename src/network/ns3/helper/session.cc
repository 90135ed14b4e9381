// SPDX-License-Identifier: GPL-2.0-only
#include "network/ns3/helper/session.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <string>

#include <nlohmann/json.hpp>

#include "network/ns3/helper/refusal.h"
#include "network/ns3/helper/watchdog.h"

namespace delstep_ns3 {
namespace {

using nlohmann::json;

constexpr std::uint64_t kAnyMessage = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kLongestTtl = std::numeric_limits<std::int64_t>::max();  // nanoseconds
constexpr std::uint64_t kLargestMessage = std::uint64_t{1} << 40;                // bytes

Options ReadOptions(const Fields& line) {
  const Fields given = line.Object("options");
  // An option that we do not know is one that we would not honour.
  given.AllowOnly({"topology", "transport", "mtu", "ttl", "range", "pcap"});
  Options options;
  if (given.Has("topology")) options.topology = given.Text("topology");
  if (given.Has("transport")) options.transport = given.Text("transport");
  if (given.Has("mtu")) options.mtu = static_cast<std::uint16_t>(given.Whole("mtu", 68, 65535));
  if (given.Has("ttl")) options.ttl = static_cast<std::int64_t>(given.Whole("ttl", 1, kLongestTtl));
  if (given.Has("range")) options.range = given.Number("range", 0, 1e9);
  if (given.Has("pcap")) options.pcap = given.Text("pcap");
  options.seed = line.Whole("seed", 0, std::numeric_limits<std::uint64_t>::max());
  options.link = line.Link("link");
  return options;
}

}  // namespace

void Session::Run() {
  for (std::string_view line; wire_.Read(line);) Do(line);
  if (network_) network_->capture().Flush();
}

void Session::Do(std::string_view text) {
  // The parser goes as deep as the text does without using the stack; Fields does not go deep at
  // all.
  const json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded())
    throw Refusal{"a line is not JSON: " + std::string(text.substr(0, 80)), "one object a line"};
  const Fields line(value, "the line");
  const std::string what = line.Text("do");
  if (!network_) {
    if (what != "begin") throw Refusal{"the first line is \"begin\", not \"" + what + "\"", ""};
    return Begin(line);
  }
  if (!Change(what, line) && !Ask(what, line))
    throw Refusal{"unknown line \"" + what + "\"", "see docs/internals/network-helpers.md"};
}

void Session::Begin(const Fields& line) {
  line.Whole("protocol", 1, 1);
  if (line.Text("backend") != "ns3")
    throw Refusal{"this helper serves the backend \"ns3\", not \"" + line.Text("backend") + "\"",
                  ""};
  network_ = std::make_unique<PacketNetwork>(ReadOptions(line));
  wire_.Write(json{{"hello", 1}, {"version", DELSTEP_NS3_VERSION}}.dump());
}

bool Session::Change(std::string_view what, const Fields& line) {
  PacketNetwork& network = *network_;
  if (what == "attach") {
    network.Attach(line.Node("node"));
  } else if (what == "detach") {
    network.Detach(line.Node("node"));
  } else if (what == "node") {
    network.SetUp(line.Node("node"), line.Truth("up"));
  } else if (what == "default") {
    network.SetDefault(line.Link("link"));
  } else if (what == "link") {
    network.SetLink(line.Node("from"), line.Node("to"), line.Link("link"));
  } else if (what == "clear") {
    network.ClearLink(line.Node("from"), line.Node("to"));
  } else if (what == "capacity") {
    network.SetCapacity(line.Node("node"), line.Rate("up"), line.Rate("down"));
  } else if (what == "legs") {
    network.SetLegs(line.Node("node"), line.Legs("legs"));
  } else if (what == "send") {
    network.Send(line.Whole("id", 0, kAnyMessage), line.Node("from"), line.Node("to"),
                 line.Whole("bytes", 1, kLargestMessage));
  } else if (what == "withdraw") {
    network.Withdraw(line.Messages("ids"));
  } else {
    return false;
  }
  return true;
}

bool Session::Ask(std::string_view what, const Fields& line) {
  if (what == "advance")
    Answer(network_->Advance(line.Time("to")));
  else if (what == "next")
    Answer(network_->Next(line.Time("limit")));
  else if (what == "drain")
    Answer(network_->Drain(line.Messages("until")));
  else if (what == "fork")
    Fork();
  else
    return false;
  return true;
}

void Session::Answer(const Ends& ends) {
  // By hand: a flood has thousands of rows, and no value needs an escape.
  std::string text = "{\"now\":" + std::to_string(network_->now()) + ",\"ended\":[";
  for (const End& end : ends) {
    if (&end != &ends.front()) text += ',';
    text += '[' + std::to_string(end.message) + ',' + std::to_string(end.sent) + ',' +
            std::to_string(end.at) + ",\"" + std::string(end.reason) + "\"]";
  }
  text += "]}";
  // Whoever has the answer finds the packets up to then in the files.
  network_->capture().Flush();
  wire_.Write(text);
}

void Session::Fork() {
  const int socket = wire_.TakeDescriptor();
  if (socket < 0) throw Refusal{"fork comes without a descriptor", "send one by SCM_RIGHTS"};
  // What waits for a file must not be written twice.
  network_->capture().Flush();
  const pid_t pid = fork();
  if (pid == 0) {
    // The copy answers nothing here: the original does, on its own socket.
    wire_.Become(socket);
    network_->capture().Fork(getpid());
    return;
  }
  const int reason = errno;
  close(socket);
  if (pid < 0)
    // A copy is something to have, not something to die for.
    wire_.Write(json{{"forked", nullptr}, {"why", std::strerror(reason)}}.dump());
  else
    wire_.Write(json{{"forked", pid}}.dump());
}

}  // namespace delstep_ns3
