// SPDX-License-Identifier: Apache-2.0
// A directory of several gigabytes, of files that are nearly all holes: what loading it costs.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "models/hub/pretrained.h"
#include "models/hub/shape_source.h"
#include "models/t5/t5.h"
#include "nn/scope.h"
#include "tensor/dry_device.h"
#include "tensor/io/json.h"
#include "tests/models/small_t5.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

constexpr float last_number = 1.5F;  // of each shard

// Half of t5-3b's width, 3 layers of 24 on both sides: 2.3 GB in f32.
T5Config large_config() {
  T5Config config = small_t5_config();
  config.d_model = 1024;
  config.d_kv = 128;
  config.num_heads = 32;
  config.d_ff = 16384;
  config.num_layers = config.num_decoder_layers = 3;
  config.vocab_size = 32128;
  return config;
}

struct Shard {
  Json header = Json::object();
  uint64_t bytes = 0;
};

void write_with_holes(const std::string& path, const Shard& shard) {
  std::string header = shard.header.dump();
  header.resize((header.size() + 7) / 8 * 8, ' ');
  std::ofstream file(path, std::ios::binary);
  for (size_t i = 0; i < 8; ++i) file.put(static_cast<char>(header.size() >> (8 * i)));
  file << header;
  file.close();
  std::filesystem::resize_file(path, 8 + header.size() + shard.bytes - sizeof last_number);
  file.open(path, std::ios::binary | std::ios::app);
  file.write(reinterpret_cast<const char*>(&last_number), sizeof last_number);
}

// Writes config.json, five shards and their index; gives the bytes of all tensors.
uint64_t write_directory(const ScratchFolder& folder, const T5Config& config) {
  const DryDevice dry;
  ShapeSource source;
  ParameterStore store(dry.device());
  store.set_source(&source);
  const T5ForConditionalGeneration model(Scope(store), config);
  uint64_t all = 0;
  for (const Parameter& p : store.all()) all += static_cast<uint64_t>(p.value().numel()) * sizeof(float);

  std::vector<Shard> shards(1);
  Json places = Json::object();
  for (const Parameter& p : store.all()) {
    if (shards.back().bytes > all / 5) shards.emplace_back();
    Shard& shard = shards.back();
    const Shape& sizes = p.value().shape();
    const uint64_t end = shard.bytes + static_cast<uint64_t>(p.value().numel()) * sizeof(float);
    shard.header.set(p.name(), Json::object()
                                   .set("dtype", "F32")
                                   .set("shape", std::vector<int64_t>(sizes.begin(), sizes.end()))
                                   .set("data_offsets", std::vector<uint64_t>{shard.bytes, end}));
    shard.bytes = end;
    places.set(p.name(), fmt::format("model-{:05}-of-00005.safetensors", shards.size()));
  }
  REQUIRE(shards.size() == 5);
  for (size_t i = 0; i < shards.size(); ++i)
    write_with_holes(folder / fmt::format("model-{:05}-of-00005.safetensors", i + 1), shards[i]);
  Json::object().set("weight_map", places).write(folder / "model.safetensors.index.json", {});
  return all;
}

// A number of KiB in a file of /proc, in bytes.
uint64_t kernel_says(const char* file, const std::string& name) {
  std::ifstream lines(file);
  for (std::string word; lines >> word;) {
    uint64_t kibibytes = 0;
    if (word == name && lines >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

// The process gets no more than so many bytes besides those that it has: what asks for more fails.
class MemoryLimit {
 public:
  explicit MemoryLimit(uint64_t more) {
    getrlimit(RLIMIT_DATA, &before_);
    rlimit limit = before_;
    limit.rlim_cur = kernel_says("/proc/self/status", "VmData:") + more;
    REQUIRE(setrlimit(RLIMIT_DATA, &limit) == 0);
  }
  ~MemoryLimit() { setrlimit(RLIMIT_DATA, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("T5: a directory of several shards and gigabytes is mapped: its numbers are in memory once") {
  const Device device = Device::from_environment();
  const T5Config config = large_config();
  const ScratchFolder folder;
  const uint64_t bytes = write_directory(folder, config);
  REQUIRE(bytes > 2'000'000'000);
  config.to_json(T5ForConditionalGeneration::architecture).write(folder / "config.json", {});
  if (device.name() != "cpu" || kernel_says("/proc/meminfo", "MemAvailable:") < 2 * bytes) {
    MESSAGE("skipped: it is of the cpu device, with ", 2 * bytes / 1'000'000'000, " GB to spare");
    return;
  }
  const MemoryLimit limit(bytes + bytes / 8);
  Pretrained<T5ForConditionalGeneration> t5(folder.path(), device);
  CHECK(t5.report().initialised.empty());
  CHECK(t5.report().unexpected.empty());
  const Tensor head = t5.store().find("lm_head.weight").value();
  CHECK(head.slice(0, config.vocab_size - 1, config.vocab_size).to_host<float>().back() == last_number);
  CHECK(head.slice(0, 0, 1).to_host<float>().back() == 0);
}
