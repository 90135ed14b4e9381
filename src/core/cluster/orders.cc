#include "core/cluster/orders.h"

#include <utility>
#include <vector>

namespace delstep {

void Add(ByteWriter& writer, const TrainOptions& options) {
  const auto& [epochs, local_steps, batch_size, learning_rate, momentum, weight_decay, proximal_mu,
               clip_norm] = options;
  writer.Add(std::int64_t{epochs});
  writer.Add(local_steps);
  writer.Add(std::int64_t{batch_size});
  writer.Add(learning_rate);
  writer.Add(momentum);
  writer.Add(weight_decay);
  writer.Add(proximal_mu);
  writer.Add(clip_norm);
}
TrainOptions ReadTrainOptions(ByteReader& reader) {
  TrainOptions options;
  options.epochs = static_cast<int>(reader.Signed());
  options.local_steps = reader.Signed();
  options.batch_size = static_cast<int>(reader.Signed());
  options.learning_rate = reader.Real();
  options.momentum = reader.Real();
  options.weight_decay = reader.Real();
  options.proximal_mu = reader.Real();
  options.clip_norm = reader.Real();
  return options;
}

void Add(ByteWriter& writer, RandomKey key) {
  writer.Add(key.seed);
  writer.Add(key.stream);
}
RandomKey ReadKey(ByteReader& reader) {
  RandomKey key;
  key.seed = reader.Number();
  key.stream = reader.Number();
  return key;
}

namespace {

JobFailure ReadFailure(ByteReader& reader) {
  return static_cast<JobFailure>(
      reader.NumberUpTo(static_cast<std::uint64_t>(JobFailure::kLearner)));
}

}  // namespace

void Add(ByteWriter& writer, const TrainResult& result) {
  const auto& [failure, error, steps, loss] = result;
  writer.Add(static_cast<std::uint64_t>(failure));
  writer.Add(std::string_view(error));
  writer.Add(steps);
  writer.Add(loss);
}
TrainResult ReadTrainResult(ByteReader& reader) {
  TrainResult result;
  result.failure = ReadFailure(reader);
  result.error = std::string(reader.Text());
  result.steps = reader.Signed();
  result.loss = reader.Real();
  return result;
}

void Add(ByteWriter& writer, const EvaluateResult& result) {
  const auto& [failure, error, examples, correct, loss, confusion] = result;
  writer.Add(static_cast<std::uint64_t>(failure));
  writer.Add(std::string_view(error));
  writer.Add(examples);
  writer.Add(correct);
  writer.Add(loss);
  writer.Add(BytesOfList(confusion));
}
EvaluateResult ReadEvaluateResult(ByteReader& reader) {
  EvaluateResult result;
  result.failure = ReadFailure(reader);
  result.error = std::string(reader.Text());
  result.examples = reader.Signed();
  result.correct = reader.Signed();
  result.loss = reader.Real();
  result.confusion = ListOf<std::int64_t>(reader.Text());
  return result;
}

std::string Answer(const Result<std::string>& results) {
  ByteWriter writer;
  writer.Add(results.ok());
  if (results) {
    writer.Add(std::string_view(*results));
  } else {
    writer.Add(static_cast<std::uint64_t>(results.error().code));
    writer.Add(std::string_view(results.error().message));
    writer.Add(std::string_view(results.error().hint));
  }
  return writer.Take();
}

Result<std::string> ReadAnswer(std::string_view answer) {
  ByteReader reader(answer);
  if (reader.Flag()) return std::string(reader.Text());
  Error error;
  error.code = static_cast<ErrorCode>(reader.Number());
  error.message = std::string(reader.Text());
  error.hint = std::string(reader.Text());
  return error;
}

}  // namespace delstep
