// SPDX-License-Identifier: Apache-2.0
// config.json: what is read, what is refused and by which message, what is written back.
#include "models/bert/config.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/error_of.h"

namespace thaw {

namespace {

struct BadKey {
  const char* key;
  const char* value;
  const char* error;
};

const BadKey bad_keys[] = {
    {"model_type", R"("roberta")", R"(model_type: this is "roberta", not "bert")"},
    {"model_type", "3", "model_type: expected a string, found 3"},
    {"position_embedding_type", R"("relative_key")", R"(position_embedding_type: "relative_key" is not supported)"},
    {"position_embedding_type", R"("alibi")", R"(position_embedding_type: "alibi" is not supported)"},
    {"is_decoder", "true", "is_decoder: true is not supported"},
    {"add_cross_attention", "true", "add_cross_attention: true is not supported"},
    {"is_encoder_decoder", "true", "is_encoder_decoder: true is not supported"},
    {"pruned_heads", R"({"0": [1]})", "pruned_heads: an object is not supported"},
    {"quantization_config", R"({"bits": 4})", "quantization_config: an object is not supported"},
    {"cross_attention_hidden_size", "768", "cross_attention_hidden_size: 768 is not supported"},
    {"auto_map", R"({"AutoModel": "code.Model"})", "auto_map: an object is not supported"},
    {"vocab_size", "0", "vocab_size: expected an integer from 1 to"},
    {"vocab_size", "-2", "vocab_size: expected an integer from 1 to"},
    {"vocab_size", "18446744073709551616", "vocab_size"},
    {"vocab_size", R"("30522")", "vocab_size: expected an integer"},
    {"hidden_size", "2.7", "hidden_size: expected an integer"},
    {"hidden_size", "4294967296", "hidden_size: expected an integer from 1 to"},
    {"hidden_size", "[16]", "hidden_size: expected an integer"},
    {"hidden_size", "true", "hidden_size: expected an integer"},
    {"num_hidden_layers", "0", "num_hidden_layers: expected an integer from 1 to"},
    {"num_hidden_layers", "1000000000", "num_hidden_layers: expected an integer from 1 to"},
    {"num_attention_heads", "5", "num_attention_heads: 5 heads do not divide hidden_size 16"},
    {"num_attention_heads", "0", "num_attention_heads: expected an integer from 1 to"},
    {"intermediate_size", "{}", "intermediate_size: expected an integer"},
    {"max_position_embeddings", "0", "max_position_embeddings: expected an integer from 1 to"},
    {"type_vocab_size", "-1", "type_vocab_size: expected an integer from 1 to"},
    {"hidden_act", R"("maxout")", "maxout"},
    {"hidden_act", "1", "hidden_act: expected a string"},
    {"hidden_dropout_prob", "1.5", "hidden_dropout_prob: expected a number from 0 to 1"},
    {"hidden_dropout_prob", "-0.1", "hidden_dropout_prob: expected a number from 0 to 1"},
    {"hidden_dropout_prob", "1", "hidden_dropout_prob: a dropout of 1 leaves nothing"},
    {"attention_probs_dropout_prob", R"("0.1")", "attention_probs_dropout_prob: expected a number"},
    {"classifier_dropout", "2", "classifier_dropout: expected a number from 0 to 1"},
    {"layer_norm_eps", "-1e-12", "layer_norm_eps: expected a number from 0 to 1"},
    {"initializer_range", "-0.02", "initializer_range: expected a number from 0 to"},
    {"pad_token_id", R"("[PAD]")", "pad_token_id: expected an integer"},
    {"tie_word_embeddings", "1", "tie_word_embeddings: expected true or false"},
    {"problem_type", R"("ranking")", R"(problem_type: "ranking" is not known)"},
    {"problem_type", "false", "problem_type: expected a string"},
    {"num_labels", "0", "num_labels: expected an integer from 1 to"},
    {"num_labels", "1000000000", "num_labels: expected an integer from 1 to"},
    {"id2label", "[]", "id2label: expected an object"},
    {"id2label", R"(["a", "b"])", "id2label: expected an object"},
    {"id2label", R"({"zero": "a"})", "id2label.zero: not a class number"},
    {"id2label", R"({"": "a"})", "not a class number"},
    {"id2label", R"({"0.0": "a"})", "not a class number"},
    {"id2label", R"({"+-1": "a"})", "not a class number"},
    {"id2label", R"({"99999999999999999999": "a"})", "not a class number"},
    {"id2label", R"({"0": "a", "00": "b"})", "id2label.00: the class number 0 is there twice"},
    {"id2label", R"({"0": "a", "1": "a"})", R"(id2label.1: the label "a" is there twice)"},
    {"id2label", R"({"0": "1", "1": 1})", R"(id2label.1: the label "1" is there twice)"},
    {"id2label", R"({"0": ["a"]})", "id2label.0: expected a string, found an array"},
    {"label2id", R"({"a": 0, "b": 0})", "label2id.b: the class number 0 is there twice"},
    {"label2id", R"({"a": "0"})", "label2id.a: expected an integer"},
};

const std::pair<const char*, const char*> bad_files[] = {
    {"", "empty"},
    {"[]", "an object is expected"},
    {"null", "an object is expected"},
    {"\"bert\"", "an object is expected"},
    {"{", "not JSON"},
    {"{} {}", "config.json"},
    {"\xEF\xBB\xBF{}", "byte order mark"},
    {R"({"vocab_size": 5, "vocab_size": 6})", "vocab_size: the key is there twice"},
    {R"({"layer_norm_eps": NaN})", "config.json"},
    {R"({"problem_type": "single_label_classification", "id2label": {"0": "a"}})", "needs two labels or more"},
};

std::string error_of(const std::string& text) {
  return thaw::error_of<std::runtime_error>([&] { BertConfig::from_json(Json::parse(text, "DIR/config.json")); });
}

void check_error(const std::string& text, const std::string& expected) {
  INFO(text);
  const std::string error = error_of(text);
  INFO(error);
  CHECK(error.find("DIR/config.json") == 0);
  CHECK(error.find(expected) != std::string::npos);
  CHECK(error.find('\n') == std::string::npos);
}

BertConfig read(const std::string& text) { return BertConfig::from_json(Json::parse(text, "config.json")); }

}  // namespace

TEST_CASE("BERT config: each bad key is refused by name") {
  for (const BadKey& bad : bad_keys) {
    const std::string other = std::string(bad.key) == "hidden_size" ? "" : R"("hidden_size": 16, )";
    const std::string heads = std::string(bad.key) == "num_attention_heads" ? "" : R"("num_attention_heads": 2, )";
    check_error("{" + other + heads + "\"" + bad.key + "\": " + bad.value + "}", bad.error);
  }
}

TEST_CASE("BERT config: each bad file is refused in one line") {
  for (const auto& [text, error] : bad_files) check_error(text, error);
}

TEST_CASE("BERT config: absent and null keys have the reference library's defaults") {
  for (const char* text : {"{}", R"({"vocab_size": null, "hidden_act": null, "model_type": null, "is_decoder": false,
                                     "pruned_heads": {}, "chunk_size_feed_forward": 16,
                                     "classifier_dropout": null})"}) {
    const BertConfig config = read(text);
    CHECK(config.vocab_size == 30522);
    CHECK(config.num_attention_heads == 12);
    CHECK(config.activation() == UnaryOp::gelu);
    CHECK(config.layer_norm_eps == 1e-12);
    CHECK(config.head_dropout() == 0.1);
    CHECK(config.labels.empty());
    CHECK(config.num_labels() == 2);
    CHECK(config.problem() == ProblemType::single_label);
    CHECK(config.pad_token_id == 0);
  }
  CHECK_FALSE(read(R"({"pad_token_id": null})").pad_token_id.has_value());
}

TEST_CASE("BERT config: problems by the number of labels") {
  CHECK(read(R"({"num_labels": 1})").problem() == ProblemType::regression);
  CHECK(read(R"({"num_labels": 3, "problem_type": "multi_label_classification"})").problem() ==
        ProblemType::multi_label);
}

TEST_CASE("BERT config: what is not understood is written back, what changed is changed") {
  const Json file = Json::parse(R"({"_name_or_path": "x", "custom": {"deep": [1, 2.5, null]}, "hidden_size": 16,
      "num_attention_heads": 2, "torch_dtype": "float16", "num_labels": 2, "id2label": {"0": "a", "1": "b"},
      "hidden_act": "gelu_new", "layer_norm_eps": 1e-05, "architectures": ["BertModel"]})",
                                "config.json");
  BertConfig config = BertConfig::from_json(file);
  config.labels = {"x", "y", "z"};
  const Json out = config.to_json("BertForSequenceClassification");
  CHECK(out.at("custom") == file.at("custom"));
  CHECK(out.get_string("_name_or_path") == "x");
  CHECK(out.get_array("architectures").get_string(0) == "BertForSequenceClassification");
  CHECK(out.get_string("model_type") == "bert");
  CHECK(out.get_object("id2label").get_string("2") == "z");
  CHECK(out.get_object("label2id").get_int("z") == 2);
  CHECK_FALSE(out.contains("num_labels"));
  CHECK_FALSE(out.contains("torch_dtype"));
  CHECK_FALSE(out.contains("problem_type"));

  const BertConfig again = BertConfig::from_json(out);
  CHECK(again.labels == config.labels);
  CHECK(again.hidden_act == "gelu_new");
  CHECK(again.layer_norm_eps == 1e-05);
  CHECK(again.to_json("BertForSequenceClassification") == out);
}

TEST_CASE("BERT config: names that the reference library would make up are left out, as it leaves them out") {
  BertConfig config = read("{}");
  config.labels = {"LABEL_0", "LABEL_1"};
  CHECK_FALSE(config.to_json("BertForSequenceClassification").contains("id2label"));
  config.labels = {"LABEL_0", "LABEL_1", "LABEL_2"};
  CHECK(config.to_json("BertForSequenceClassification").contains("id2label"));
  config = read(R"({"id2label": {"0": "LABEL_0", "1": "LABEL_1"}})");
  CHECK(config.to_json("BertForSequenceClassification").contains("id2label"));
}

TEST_CASE("BERT config: whether words are tied is written where the file said so, or where they are not") {
  const auto written = [](const std::string& text) {
    return BertConfig::from_json(Json::parse(text, "config.json")).to_json("BertForMaskedLM").dump();
  };
  CHECK(written("{}").find("tie_word_embeddings") == std::string::npos);
  CHECK(written(R"({"tie_word_embeddings": true})").find("\"tie_word_embeddings\": true") != std::string::npos);
  CHECK(written(R"({"tie_word_embeddings": false})").find("\"tie_word_embeddings\": false") != std::string::npos);
  BertConfig config;
  config.tie_word_embeddings = false;
  CHECK(config.to_json("BertForMaskedLM").get_bool("tie_word_embeddings") == false);
}

}  // namespace thaw
