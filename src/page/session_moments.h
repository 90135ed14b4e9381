#pragma once
/// Answers to questions about moments of a session: /api/state, links, node, why, messages, history,
/// curves, heat, flows and consensus of docs/internals/page-server.md.
///
/// Whoever asks gets a moment as it was kept, without waiting for a command that runs. A network
/// that cannot go back keeps none: then the state and the links are those after the last command,
/// and questions that need the run itself are answered between two commands.
///
/// Threads: any, unless said otherwise.
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/host/session_host.h"
#include "delstep/moment_view.h"
#include "delstep/simulation.h"
#include "page/event_marks.h"
#include "page/group_flows.h"
#include "page/moment_places.h"
#include "page/moment_samples.h"
#include "page/node_json.h"
#include "page/page_source.h"
#include "recording/moment_facts.h"

namespace delstep {

class SessionMoments {
 public:
  /// All outlive this. Without `goes_back` there are no snapshots. To be called while having the
  /// session.
  /// Without `has_places` it means nothing where nodes are.
  struct Kind {
    bool goes_back = true, has_places = false;
  };
  /// What events alone tell; both are fed by whoever has made this.
  struct Notes {
    const EventMarks& marks;
    const GroupFlows& flows;
    const MomentPlaces& places;
  };
  SessionMoments(SessionHost& host, const Simulation& simulation, Notes notes, Kind kind);

  /// Nothing: the path is none of these.
  std::optional<PageAnswer> Answer(const PageQuestion& question);
  /// The present moment.
  std::shared_ptr<const MomentFacts> Present();
  NodeNamesBook Names() const;

  /// On the thread of a command that has ended, which has the session.
  void AfterCommand();
  /// Samples what is kept and was not sampled yet, or has changed since: a test belongs to the
  /// moment in which it was made, whenever that is looked at. On one thread.
  void Sample();

 private:
  /// Whether all models may be read after each command: not where that takes a tenth of a second.
  static bool ReadsModels(const MomentView& world, std::size_t nodes);
  /// A question and the moment that it is about.
  struct Asked {
    const PageQuestion& question;
    std::shared_ptr<const PresentView> view;
    Moment moment;
    Snapshot snapshot;  ///< none: the network cannot go back

    bool is_present() const { return moment.number == view->moments->present().number; }
    std::uint64_t Number(std::string_view parameter, std::uint64_t usual) const;
  };
  using Handler = PageAnswer (SessionMoments::*)(const Asked&);

  Result<Asked> Find(const PageQuestion& question) const;
  std::vector<Position> PlacesAt(const Asked& asked) const;
  /// `snapshot`: of a moment of the view; none: the network keeps none.
  std::shared_ptr<const MomentFacts> FactsAt(const PresentView& view, const Snapshot& snapshot);
  /// Calls `look` with a MomentView, or with the simulation while having the session.
  template <class Look>
  PageAnswer WithWorld(const Asked& asked, const Look& look);
  void SampleMoment(const PresentView& view, const Moment& moment, const Snapshot& snapshot);

  PageAnswer State(const Asked& asked);
  PageAnswer Links(const Asked& asked);
  PageAnswer Node(const Asked& asked);
  PageAnswer Why(const Asked& asked);
  PageAnswer Labels(const Asked& asked);
  PageAnswer Messages(const Asked& asked);
  PageAnswer History(const Asked& asked);
  PageAnswer Curves(const Asked& asked);
  PageAnswer Heat(const Asked& asked);
  PageAnswer Flows(const Asked& asked);
  PageAnswer Consensus(const Asked& asked);

  SessionHost& host_;
  const Simulation& simulation_;
  const EventMarks& marks_;
  const GroupFlows& flows_;
  const MomentPlaces& places_;
  const Kind kind_;
  MomentSamples samples_;

  mutable std::mutex mutex_;
  // Guarded by it, as are the rest. The present moment, so that a class that asks at once costs one
  // look.
  std::uint64_t present_number_ = 0;
  std::shared_ptr<const MomentFacts> present_;
  // After the last command: what no snapshot has.
  std::shared_ptr<const MomentFacts> live_;
  std::shared_ptr<const LinkFacts> live_links_;
  std::shared_ptr<const std::vector<LabelCounts>> labels_;
  std::map<std::uint64_t, MomentNumber> given_;  // the last moment in each version of the history
  std::shared_ptr<const PresentView> sampled_;   // of the thread that samples
};

}  // namespace delstep
