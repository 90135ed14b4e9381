// The seed workload as one writes it in C++ with LibTorch: nn::Sequential, autograd, optim::Adam.
//   libtorch_loop DATA_FOLDER CYCLES [THREADS]
// Nodes are dealt to THREADS threads (1); LibTorch itself uses one.
#include <dlfcn.h>
#include <torch/torch.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace {

using torch::Tensor;
constexpr int kNodes = 12, kSamples = 5800, kHeldOut = 870, kEpochs = 5, kBatch = 128;
constexpr double kRate = 1e-3;

struct Node {
  Tensor x, y, test_x, test_y;
  torch::nn::Sequential model{torch::nn::Linear(784, 32), torch::nn::ReLU(),
                              torch::nn::Dropout(0.2), torch::nn::Linear(32, 10)};
  torch::optim::Adam optimizer{model->parameters(), torch::optim::AdamOptions(kRate)};
};

/// The bytes of an IDX file behind its header, as [count, size].
Tensor Read(const std::string& path, int header, int size) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  TORCH_CHECK(bytes.size() > static_cast<std::size_t>(header), "cannot read ", path);
  const auto count = (static_cast<std::int64_t>(bytes.size()) - header) / size;
  return torch::from_blob(const_cast<char*>(bytes.data()) + header, {count, size}, torch::kUInt8)
      .clone();
}

std::vector<Node> Deal(const std::string& folder) {
  const std::string train = folder + "/mnist/train-", test = folder + "/mnist/t10k-";
  const std::string images = "images-idx3-ubyte", labels = "labels-idx1-ubyte";
  const Tensor order = torch::randperm(70'000);
  const Tensor x = torch::cat({Read(train + images, 16, 784), Read(test + images, 16, 784)});
  const Tensor y = torch::cat({Read(train + labels, 8, 1), Read(test + labels, 8, 1)});
  std::vector<Node> nodes(kNodes);
  for (int i = 0; i < kNodes; ++i) {
    const Tensor own = order.slice(0, i * kSamples, (i + 1) * kSamples);
    const Tensor own_x = x.index_select(0, own).to(torch::kFloat32) / 255;
    const Tensor own_y = y.index_select(0, own).squeeze(1).to(torch::kInt64);
    Node& node = nodes[static_cast<std::size_t>(i)];
    node.test_x = own_x.slice(0, 0, kHeldOut), node.test_y = own_y.slice(0, 0, kHeldOut);
    node.x = own_x.slice(0, kHeldOut), node.y = own_y.slice(0, kHeldOut);
  }
  return nodes;
}

void Average(std::vector<Node>& nodes) {
  const torch::NoGradGuard guard;
  for (std::size_t p = 0; p < nodes[0].model->parameters().size(); ++p) {
    std::vector<Tensor> parts;
    for (Node& node : nodes) parts.push_back(node.model->parameters()[p]);
    const Tensor mean = torch::stack(parts).mean(0);
    for (Tensor& part : parts) part.copy_(mean);
  }
}

/// All begin with the same parameters.
void CopyFirst(std::vector<Node>& nodes) {
  const torch::NoGradGuard guard;
  for (Node& node : nodes)
    for (std::size_t p = 0; p < node.model->parameters().size(); ++p)
      node.model->parameters()[p].copy_(nodes[0].model->parameters()[p]);
}

void Train(Node& node) {
  node.model->train();
  for (int epoch = 0; epoch < kEpochs; ++epoch)
    for (const Tensor& batch : torch::randperm(node.y.size(0)).split(kBatch)) {
      node.optimizer.zero_grad();
      const Tensor output = node.model->forward(node.x.index_select(0, batch));
      torch::cross_entropy_loss(output, node.y.index_select(0, batch)).backward();
      node.optimizer.step();
    }
}

void TrainAll(std::vector<Node>& nodes, std::size_t threads) {
  std::vector<std::thread> running;
  for (std::size_t t = 0; t < threads; ++t)
    running.emplace_back([&, t] {
      for (std::size_t i = t; i < nodes.size(); i += threads) Train(nodes[i]);
    });
  for (std::thread& thread : running) thread.join();
}

double Test(std::vector<Node>& nodes) {
  const torch::NoGradGuard guard;
  std::vector<Tensor> x, y;
  for (const Node& node : nodes) x.push_back(node.test_x), y.push_back(node.test_y);
  const Tensor all_x = torch::cat(x), all_y = torch::cat(y);
  double sum = 0;
  for (Node& node : nodes) {
    node.model->eval();
    const Tensor right = node.model->forward(all_x).argmax(1) == all_y;
    sum += right.to(torch::kFloat32).mean().item<double>();
  }
  return sum / static_cast<double>(nodes.size());
}

/// The library that multiplies matrices: "openblas-pthread/libblas.so.3".
std::string Blas() {
  Dl_info info{};
  void* symbol = dlsym(RTLD_DEFAULT, "sgemm_");
  if (symbol == nullptr || dladdr(symbol, &info) == 0) return "unknown";
  const std::filesystem::path path = std::filesystem::canonical(info.dli_fname);
  return path.parent_path().filename() / path.filename();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const int cycles = std::stoi(argv[2]);
  const std::size_t threads = argc > 3 ? std::stoul(argv[3]) : 1;
  torch::set_num_threads(1);
  torch::manual_seed(1);
  std::map<std::string, double> seconds;
  const auto time = [&](const char* phase, const std::function<void()>& run) {
    const auto begin = std::chrono::steady_clock::now();
    run();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    seconds[phase] += taken.count();
  };
  std::vector<Node> nodes;
  double accuracy = 0;
  time("create", [&] {
    nodes = Deal(argv[1]);
    CopyFirst(nodes);
  });
  for (int cycle = 0; cycle < cycles; ++cycle) {
    time("train", [&] { TrainAll(nodes, threads); });
    time("ag", [&] { Average(nodes); });
    time("test", [&] { accuracy = Test(nodes); });
  }
  std::printf(R"({"workload": "LibTorch loop", "versions": "LibTorch %s, %s", "accuracy": %.4f)",
              TORCH_VERSION, Blas().c_str(), accuracy);
  const char* before = ", \"seconds\": {";
  for (const auto& [phase, taken] : seconds) {
    std::printf(R"(%s"%s": %.6f)", before, phase.c_str(), taken);
    before = ", ";
  }
  std::printf("}}\n");
}
