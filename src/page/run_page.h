#pragma once
/// A recorded run as a page sees it: the folder of `--out`, looked at with `delstep view DIR`.
///
/// start.json tells how the run began, events.jsonl all that happened; the page follows the events
/// by itself. What no event tells, where moving nodes were, is in positions.csv. Nothing can be done to a record: commands are refused.
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "delstep/result.h"
#include "page/event_log.h"
#include "page/page_source.h"
#include "page/recorded_events.h"
#include "page/recorded_history.h"
#include "page/recorded_places.h"
#include "page/stream_hub.h"

namespace delstep {

class RunPage : public PageSource {
 public:
  /// Errors: kFile for a folder that holds no run, or one of a program that wrote no start.json, and
  /// for a line of events.jsonl that is no event.
  static Result<std::unique_ptr<RunPage>> Open(const std::filesystem::path& folder);

  StreamHub& hub() { return hub_; }
  const RecordedEvents& events() const { return events_; }

  PageAnswer Get(const PageQuestion& question) override;
  PageAnswer Post(const PageQuestion& question) override;
  std::vector<std::pair<std::string, std::string>> NodesInText() const override { return nodes_; }

 private:
  struct Start {
    std::string hello, state, links, labels;  ///< JSON; `hello` without its last brace
    std::vector<std::pair<std::string, std::string>> nodes;
    std::size_t present = 0;  ///< nodes that are there; `nodes` has not all of many
    std::uint64_t lines = 0;  ///< of events.jsonl that tell the same
  };
  struct Record {
    RecordedEvents events;
    RecordedHistory history;
    std::optional<RecordedPlaces> places;
  };
  RunPage(Record record, Start start);
  static Result<Start> ReadStart(const std::filesystem::path& folder);
  static bool TellsOfStart(std::string_view line, const Start& start);
  PageAnswer Events(const PageQuestion& question) const;
  PageAnswer Places(const PageQuestion& question) const;

  RecordedEvents events_;
  RecordedHistory history_;
  std::optional<RecordedPlaces> places_;
  Start start_;
  std::vector<std::pair<std::string, std::string>> nodes_;
  EventLog none_;
  StreamHub hub_{none_};
};

}  // namespace delstep
