#pragma once
/// The named signatures of a SavedModel, read from its serialized MetaGraphDef.
///
/// Only these few fields are read, by the wire format that protocol buffers document: MetaGraphDef
/// { map<string, SignatureDef> signature_def = 5 }, SignatureDef { map<string, TensorInfo> inputs =
/// 1, outputs = 2 }, TensorInfo { string name = 1, dtype = 2, TensorShapeProto tensor_shape = 3 },
/// TensorShapeProto { Dim dim = 2, bool unknown_rank = 3 }, Dim { int64 size = 1 }.
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "delstep/result.h"

namespace delstep {

/// An argument or result of a signature.
struct Port {
  std::string tensor;               ///< in the graph: "train_x:0"
  int type = 0;                     ///< a TF_DataType
  std::vector<std::int64_t> shape;  ///< -1: of any size
  bool known_rank = true;
};
struct Signature {
  std::map<std::string, Port> inputs, outputs;
};
using Signatures = std::map<std::string, Signature>;

/// kBadFile where the bytes are no MetaGraphDef. Reads within `bytes` only.
Result<Signatures> ReadSignatures(std::span<const std::byte> bytes);

/// The kinds of operations that the graph's functions are made of ("MatMul", "RandomUniform"), each
/// once: MetaGraphDef { GraphDef graph_def = 2 }, GraphDef { NodeDef node = 1, FunctionDefLibrary
/// library = 2 }, FunctionDefLibrary { FunctionDef function = 1 }, FunctionDef { NodeDef node_def =
/// 3 }, NodeDef { string op = 2 }.
Result<std::set<std::string>> ReadOperations(std::span<const std::byte> bytes);

/// "train_x:0" is output 0 of the operation train_x; a name without a number means 0.
struct OutputName {
  std::string operation;
  int index = 0;
};
OutputName SplitOutputName(const std::string& tensor);

}  // namespace delstep
