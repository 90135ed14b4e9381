#pragma once
/// Where a model comes from: what `why` looks at.
///
/// Every model is a sum of initial parameters and of trainings. A training is the difference that
/// it made, and has the weight 1 in the node that trained. A linear aggregation scales what it
/// adds up: of a model that counts with weight w, each part counts with w times its weight from
/// then on. So the weights of the initial parameters in a model always sum to 1, whatever was
/// averaged; those of the trainings sum to nothing in particular.
///
/// A list of shares changes with each aggregation only. What a node has trained since then stands
/// beside the list (ModelOrigin), so that a training costs nothing that grows with the number of nodes,
/// and nodes that average the same models share one list.
///
/// All of these are immutable once made, and shared: by a node, its messages, the guestbooks of
/// others and moments of the past. Threads: as for any shared_ptr to something constant.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/world/node_shares.h"
#include "delstep/types.h"

namespace delstep {

struct Provenance {
  NodeShares shares;  ///< ascending by node, each once
  /// Further trainings, where those of a node have gaps: it once took over a model without its own
  /// (krum), or had one imported. Ascending by node and number; nearly always empty.
  std::vector<TrainingRange> more;
  bool exact = true;  ///< false: a rule or a compressor on the way did not say what it took

  friend bool operator==(const Provenance&, const Provenance&) = default;
};

/// Where the present model of a node comes from, or the model in a message.
struct ModelOrigin {
  std::shared_ptr<const Provenance> base;  ///< after the last aggregation; never null
  std::uint64_t meeting = 0;  ///< the number of that aggregation (Meeting); 0: there was none yet
  std::uint64_t trained = 0;  ///< trainings of the node so far, those that are not in it included
  std::uint64_t since = 0;    ///< the last so many of them came after `base`
  double rate = 0;            ///< learning rate of the last one, by which a gradient was divided
  bool exact = true;          ///< false: compression has changed it on the way
  /// Those since `base`, if there are any; `node` is whose they are.
  TrainingRange TrainingsSince(NodeId node) const {
    return {.node = node,
            .first = std::min(trained - since + 1, kLargestTraining),
            .last = std::min(trained, kLargestTraining)};
  }
  bool CountsAllTrainings() const { return trained <= kLargestTraining; }
};
/// Null: not followed (history.why).
using OriginRef = std::shared_ptr<const ModelOrigin>;

/// Of a node with initial parameters; also after `import`, which counts as new initial parameters.
OriginRef InitialOrigin(NodeId node, std::uint64_t trained);
/// After one more training, which was the node's `trained`-th. Null stays null.
OriginRef AfterTraining(const OriginRef& origin, std::uint64_t trained, double rate);
/// After an aggregation that made `base`.
OriginRef AfterMeeting(const ModelOrigin& origin, std::shared_ptr<const Provenance> base,
                       std::uint64_t meeting);
/// As a compressor or an attack leaves it: the same shares, but no longer exact.
OriginRef Compressed(const OriginRef& origin);

/// One aggregation of one node, in which messages became a part of its model. Kept so that the way
/// of a share from node to node can be told.
struct MeetingInput {
  NodeId from{};      ///< the node itself: the part of its own model that it kept
  double weight = 0;  ///< not 0
  MessageId message{};
  SimTime sent{}, received{};  ///< of the message
  std::uint64_t meeting = 0;  ///< ModelOrigin::meeting of this model; 0: nothing before it is in it
  bool trained = false;       ///< its node had trained since that meeting
};
struct Meeting {
  std::uint64_t number = 0;  ///< counts the node's aggregations from 1
  SimTime at{};
  std::uint64_t cycle = 0;
  std::vector<MeetingInput> inputs;  ///< the node itself first
};
/// A node's last meetings, ascending by number.
using Meetings = std::vector<std::shared_ptr<const Meeting>>;

/// Adds one and forgets the oldest: at most 256 are kept, and no more than have 1,024 inputs
/// together if all had as many as the newest, but one at least. So what a node keeps of its past
/// stays below 50 KiB, or the size of its guestbook.
void Append(std::shared_ptr<const Meeting> meeting, Meetings& meetings);
/// Null if it is no longer kept.
const Meeting* Find(const Meetings& meetings, std::uint64_t number);

/// Adds trainings to those of the share at a place. They are nearly always one range, which grows;
/// what does not touch it waits in `aside` until all are known.
void IncludeTrainings(const TrainingRange& range, NodeShares& shares, std::size_t place,
                      std::vector<TrainingRange>& aside);
/// Ranges that did not touch may do so by now: those of the nodes that wait in `more` are joined
/// with their shares. The first of a node goes to its share, the others stay in `more`. So what
/// comes out is the same in whichever order they came.
void JoinTrainings(Provenance& sum);

/// Adds up weighted models. One object serves many sums, one after the other. For many sums of the
/// same models see engine/origin_sums.h, which comes to the same bits.
class ProvenanceSum {
 public:
  /// A model of `node`. What it was after its last aggregation, and what was trained since, may
  /// count apart: with aggregation.share = deltas a message is the latter alone. Weights of 0 add
  /// nothing.
  void Add(NodeId node, const ModelOrigin& origin, double base, double trainings);
  /// A rule that does not say what it takes makes the sum an estimate.
  void Estimate() { exact_ = false; }
  /// The sum, and an empty one to go on with.
  std::shared_ptr<const Provenance> Take();

 private:
  void MakeRoom(NodeId last);       // for nodes up to this one
  NodeShare& ShareOf(NodeId node);  // there is room for it
  void AddBase(const Provenance& base, double weight);
  void IncludeTrainings(const TrainingRange& range);  // as the one above, in slots

  std::vector<NodeShare> slots_;             // by node
  std::vector<std::uint64_t> used_, words_;  // a bit per slot; a bit per word of them
  std::size_t count_ = 0, nodes_ = 0;        // used slots; slots up to the last of these
  std::vector<TrainingRange> more_;
  bool exact_ = true;
};

}  // namespace delstep
