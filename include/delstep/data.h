#pragma once
/// Examples to learn from, and how they are dealt to nodes.
///
/// A data set is read once and shared; nodes hold lists of numbers of examples. From a file to a
/// node's two lists:
///
///   LoadedData      what a reader (src/data) makes of files: examples, labels, names of classes
///   pool            the examples that are dealt at all, in random order (`data.pool`)
///   Partition       one list per node, by a partitioner (`partition.name`)
///   training part,  the two halves of a node's list (`data.test_fraction`), made by the core
///   held-out part
///
/// An example belongs to one node at most (unless a node is added `like` another: then both share
/// the same two lists). So no model is ever tested on an example that some node has trained on.
///
/// Everything here is plain data: nothing computes, and const access needs no lock. Numbers of
/// examples are std::uint32_t, so a data set has fewer than 2^32 of them.
///
/// To add a data set, write a function that returns LoadedData, and enter it in Registry::data
/// under its name (src/data/blobs.cc is the shortest). To add a way to deal, write one that takes a
/// PartitionRequest, and enter it in Registry::partitioners.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "delstep/random.h"
#include "delstep/result.h"

namespace delstep {

/// Examples shared by all nodes, immutable. Owns nothing: the memory is LoadedData's. Features are
/// `bytes` (a feature is then scale * byte + shift) or `floats`: one of the two is empty, the other
/// size() * example_size long, example after example, each row-major in the order of example_shape.
/// Pictures stay bytes, a quarter of the memory, until a learner gathers a batch.
///
/// What a reader must see to: features are finite, every label is in [0, classes), and the class
/// numbers have no gaps beyond those that the data themselves have. Learners rely on it.
struct Dataset {
  std::vector<std::int64_t> example_shape;  ///< {1, 28, 28}: channels first
  std::size_t example_size = 0;             ///< product of example_shape
  std::span<const std::uint8_t> bytes;
  std::span<const float> floats;
  std::span<const std::int32_t> labels;  ///< one per example, in [0, classes)
  std::int32_t classes = 0;
  float scale = 1.0f / 255, shift = 0;
  /// Above 0: features are ids of tokens, whole numbers below this (scale 1, shift 0).
  std::int32_t tokens = 0;

  std::size_t size() const { return labels.size(); }  ///< number of examples
};

/// The part of a data set that a node holds, or is tested on: 4 bytes per example, since the
/// examples themselves stay where they are. Owns nothing: data set and list outlive the view.
struct DataView {
  const Dataset* dataset = nullptr;
  std::span<const std::uint32_t> examples;  ///< indices, each below dataset->size()
};

/// A data set together with its memory: what a LoadData function returns (registry.h). A copy
/// shares the examples. The first `train_examples` examples are the official training part, the
/// others the official test part (none where the data set has no such split). With `data.pool =
/// "all"` both are dealt; with "train" the test part is kept for `test` without a scope.
struct LoadedData {
  std::string name;  ///< as in `data.name`
  Dataset dataset;
  std::size_t train_examples = 0;
  std::vector<std::string> class_names;  ///< one per class, or none
  /// Where an example came from (a writer, an author, a file): one per example, an index into
  /// source_names. Both empty where the data set does not say. `natural-id` deals by it.
  std::vector<std::uint32_t> sources;
  std::vector<std::string> source_names;
  std::shared_ptr<const void> owner;  ///< keeps the memory of `dataset`
  std::vector<std::string> files;     ///< what was read, for the record of the run
  /// What a user may not expect: parts of the files that were not read, or were read as something
  /// else. One sentence each, without a full stop; the program says them at the start.
  std::vector<std::string> notes;
};

struct DataOptions;       // scenario.h
struct PartitionOptions;  // scenario.h

/// What a partitioner is asked. `pool` holds distinct examples in random order (drawn by the seed),
/// so taking them one after the other is already a random draw. Owns nothing: no span may be kept
/// after the call. With `partition.samples_per_node` the pool is only what was drawn for the first
/// nodes; the partitioner never sees the rest.
struct PartitionRequest {
  std::span<const std::int32_t> labels;  ///< of the whole data set, indexed by example
  std::int32_t classes = 0;
  std::span<const std::uint32_t> pool;  ///< indices of examples
  std::size_t nodes = 0;                ///< at least 1
  /// As in LoadedData, `sources` indexed by example; empty where the data set does not say.
  std::span<const std::uint32_t> sources;
  std::span<const std::string> source_names;
  const PartitionOptions* options = nullptr;  ///< of the scenario; outlives the call
  RandomKey key;                              ///< the only source of chance
};

/// One list of examples per node, pairwise disjoint, all out of the pool; what is in no list stays
/// undealt and can be given to nodes that join later. Options that cannot be met (more classes per
/// node than there are, sizes beyond the pool) are an Error that names the key. Equal requests give
/// equal lists: chance comes from PartitionRequest::key alone.
using Partition = std::vector<std::vector<std::uint32_t>>;

/// Where the files of published data sets are looked for if `data.path` does not say: in `own/NAME`
/// and `own`, then in `fetched/NAME`, then as NAME in each of `shared`, NAME being that of the data
/// set. An empty path stands for none.
struct DataFolders {
  std::filesystem::path fetched{};              ///< where the set-up put data sets
  std::filesystem::path own{};                  ///< the user's: of the program, $DELSTEP_DATA
  std::vector<std::filesystem::path> shared{};  ///< by all users of the machine
};

}  // namespace delstep
