#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "base/text.h"
#include "traces/node_ids.h"
#include "traces/readers.h"
#include "traces/trace_lines.h"

namespace delstep {
namespace {

/// What happens to a node at a moment.
struct Ns2Event {
  enum class Kind { kSetDestination, kSetX, kSetY } kind;
  SimTime at{};
  double x = 0, y = 0, speed = 0;
};

struct Ns2Node {
  double x = 0, y = 0;  // at the start
  std::vector<Ns2Event> events;
};

/// "12" of "$node_(12)"; empty for anything else.
std::string_view IdOf(std::string_view word) {
  const auto open = word.find('(');
  if (!word.starts_with('$') || open == word.npos || !word.ends_with(')')) return {};
  return word.substr(open + 1, word.size() - open - 2);
}

class Ns2Reader {
 public:
  explicit Ns2Reader(TraceSource& source) : lines_(source) {}

  Result<Trace> Read() {
    for (;;) {
      DELSTEP_ASSIGN(const bool more, lines_.NextContent());
      if (!more) break;
      const std::string_view content = lines_.text().substr(0, lines_.text().find('#'));
      for (const std::string_view statement : Split(content, ';'))
        DELSTEP_TRY(ReadStatement(statement));
    }
    if (nodes_.empty())
      return BadFile("it has no statement that moves or places a node",
                     "ns-2 has lines such as $ns_ at 3.0 \"$node_(0) setdest 60 40 1.5\"")
          .At(lines_.file());
    return Finish();
  }

 private:
  Result<void> ReadStatement(std::string_view statement) {
    std::string unquoted(statement);
    std::ranges::replace(unquoted, '"', ' ');
    SplitWords(unquoted, words_);
    if (words_.empty()) return {};
    if (words_[0].starts_with("$ns") && words_.size() >= 5 && words_[1] == "at")
      return ReadEvent(words_[2], std::span(words_).subspan(3));
    if (IsPlacing(words_)) return ReadPlacing();
    // Distances in hops, which ns-2's own setdest writes by thousands, say nothing of movement.
    if (!words_[0].starts_with("$god_")) others_.Add(lines_.number());
    return {};
  }

  /// `$node_(0) set X_ 12.5`
  static bool IsPlacing(std::span<const std::string_view> words) {
    return words.size() >= 3 && !IdOf(words[0]).empty() && words[1] == "set" &&
           (words[2] == "X_" || words[2] == "Y_" || words[2] == "Z_");
  }

  /// Numbers may be "nan" or "-inf" here: ns-2 and its writers print them. Then the statement is
  /// passed over, which `finite` tells.
  Result<double> Number(std::string_view text, std::string_view what, bool& finite) const {
    std::string word = Lower(text);
    if (word.starts_with('-') || word.starts_with('+')) word.erase(0, 1);
    if (word == "nan" || word == "inf" || word == "infinity") {
      finite = false;
      return 0.0;
    }
    return lines_.Number(text, what);
  }

  Result<Ns2Node*> NodeOf(std::string_view id) {
    if (auto wrong = WrongId(id)) return lines_.Wrong(*std::move(wrong));
    return &nodes_[std::string(id)];
  }

  Result<void> ReadPlacing() {
    if (words_.size() < 4)
      return lines_.Wrong(fmt::format("no number behind {}", words_[2]),
                          "write $node_(0) set X_ 12.5");
    bool finite = true;
    DELSTEP_ASSIGN(const double value, Number(words_[3], words_[2], finite));
    DELSTEP_ASSIGN(Ns2Node* const node, NodeOf(IdOf(words_[0])));
    if (!finite) return Skip();
    // The last one counts, wherever in the file it stands; heights do not.
    if (words_[2] == "X_") node->x = value;
    if (words_[2] == "Y_") node->y = value;
    return {};
  }

  /// What is in the quotes of `$ns_ at TIME "..."`.
  Result<void> ReadEvent(std::string_view time, std::span<const std::string_view> what) {
    const std::string_view id = IdOf(what[0]);
    const bool placing = IsPlacing(what), going = !id.empty() && what[1] == "setdest";
    if (!placing && !going) {
      others_.Add(lines_.number());
      return {};
    }
    // A fourth number of setdest, as BonnMotion's disaster areas have it, does not count.
    if (what.size() < (placing ? 4u : 5u))
      return lines_.Wrong(fmt::format("too few numbers behind {}", what[1]),
                          "write $ns_ at 3.0 \"$node_(0) setdest 60 40 1.5\": x, y and speed");
    bool finite = true;
    DELSTEP_ASSIGN(const double seconds, Number(time, "the time", finite));
    Ns2Event event{.kind = Ns2Event::Kind::kSetDestination};
    if (placing) {
      event.kind = what[2] == "X_" ? Ns2Event::Kind::kSetX : Ns2Event::Kind::kSetY;
      DELSTEP_ASSIGN(event.x, Number(what[3], what[2], finite));
      event.y = event.x;
    } else {
      DELSTEP_ASSIGN(event.x, Number(what[2], "x", finite));
      DELSTEP_ASSIGN(event.y, Number(what[3], "y", finite));
      DELSTEP_ASSIGN(event.speed, Number(what[4], "the speed", finite));
    }
    DELSTEP_ASSIGN(Ns2Node* const node, NodeOf(id));
    const auto moment = MomentOf(seconds);
    if (!finite || !moment || event.speed < 0) return Skip();
    event.at = *moment;
    if (!placing || what[2] != "Z_") node->events.push_back(event);
    return {};
  }

  Result<void> Skip() {
    skipped_.Add(lines_.number());
    return {};
  }

  static Track Play(std::string id, Ns2Node node);

  Trace Finish() {
    Trace trace;
    for (auto& [id, node] : nodes_) trace.tracks.push_back(Play(id, std::move(node)));
    skipped_.Tell("statement with a negative or infinite number",
                  "statements with negative or infinite numbers", trace.notes);
    others_.Tell("statement that does not move a node", "statements that do not move a node",
                 trace.notes);
    return trace;
  }

  TraceLines lines_;
  std::vector<std::string_view> words_;
  std::map<std::string, Ns2Node> nodes_;
  Tally skipped_, others_;
};

/// The points that the events make, one after the other.
class Ns2Player {
 public:
  explicit Ns2Player(Track& track) : points_(track.points) {}

  void Play(const Ns2Event& event) {
    GoUntil(event.at);
    TrackPoint here = points_.back();
    if (event.kind != Ns2Event::Kind::kSetDestination) {
      (event.kind == Ns2Event::Kind::kSetX ? here.x : here.y) = event.x;
      // Behind the old place at the same moment: a jump.
      points_.push_back(here);
      arrival_ = {};
      return;
    }
    const double dx = event.x - here.x, dy = event.y - here.y;
    const double distance = std::sqrt(dx * dx + dy * dy);
    arrival_ = {};
    // To stay where it is, at whatever speed, would give a direction of 0 / 0.
    if (event.speed <= 0 || distance <= 0) return;
    const double left = kLatestSecond - Seconds(here.at);
    const double seconds = distance / event.speed;
    // Too slow ever to arrive: it goes as far as it gets.
    const double share = seconds > left ? left / seconds : 1;
    const auto moment = MomentOf(Seconds(here.at) + seconds * share);
    TrackPoint goal{std::max(moment.value_or(here.at), here.at), event.x, event.y};
    if (share < 1) goal = {goal.at, here.x + dx * share, here.y + dy * share};
    arrival_ = goal;
  }

  void Finish() {
    if (arrival_) points_.push_back(*arrival_);
  }

 private:
  /// Adds the place at `time`, on the way to the goal or at it.
  void GoUntil(SimTime time) {
    TrackPoint here = points_.back();
    if (arrival_ && time >= arrival_->at) {
      here = *arrival_;
      points_.push_back(here);
      arrival_ = {};
    } else if (arrival_) {
      // setdest before the arrival begins where the node has really got to.
      const double share = Seconds(time - here.at) / Seconds(arrival_->at - here.at);
      here.x += (arrival_->x - here.x) * share;
      here.y += (arrival_->y - here.y) * share;
    }
    here.at = time;
    if (here != points_.back()) points_.push_back(here);
  }

  std::vector<TrackPoint>& points_;
  std::optional<TrackPoint> arrival_;  // nothing: it stands
};

Track Ns2Reader::Play(std::string id, Ns2Node node) {
  Track track{.id = std::move(id), .points = {{SimTime{}, node.x, node.y}}, .stretches = {}};
  // Statements come in any order; those of one moment as they stand in the file.
  std::ranges::stable_sort(node.events, {}, &Ns2Event::at);
  Ns2Player player(track);
  for (const Ns2Event& event : node.events) player.Play(event);
  player.Finish();
  BeThereFrom(SimTime{}, track);
  return track;
}

}  // namespace

Result<Trace> ReadNs2(TraceSource& source) { return Ns2Reader(source).Read(); }

}  // namespace delstep
