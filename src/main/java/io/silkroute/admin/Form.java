package io.silkroute.admin;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A JSON object that an operator sent, read field by field. Collects all that is wrong with it, and says so at once. Tells an
 * absent field from one that is null, as PATCH needs.
 */
final class Form {

    /** Far more than any form here needs. */
    private static final int LONGEST = 64 * 1024;

    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonParser.Feature.ALLOW_COMMENTS)
            .build();

    private final JsonNode json;
    private final List<FieldError> errors = new ArrayList<>();

    private Form(JsonNode json) {
        this.json = json;
    }

    /**
     * Parses a body.
     *
     * @param body the JSON text
     * @param known the fields there are; any other is an error
     * @throws ProblemException when it is no JSON object
     */
    static Form parse(String body, Set<String> known) {
        if (body != null && body.length() > LONGEST) {
            throw new ProblemException(Problem.of(
                    Response.Status.REQUEST_ENTITY_TOO_LARGE,
                    "body: " + body.length() + " characters (expected: up to " + LONGEST + ")"));
        }
        Form form = new Form(object(body));
        form.json.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                form.errors.add(new FieldError(
                        name,
                        null,
                        "no such field; known are "
                                + String.join(", ", known.stream().sorted().toList())));
            }
        });
        return form;
    }

    private static JsonNode object(String body) {
        try {
            JsonNode json = STRICT.readTree(body == null ? "" : body);
            if (json.isObject()) {
                return json;
            }
            throw new ProblemException(Problem.of(Response.Status.BAD_REQUEST, "body: expected a JSON object"));
        } catch (JsonProcessingException e) {
            // The parser's own words may quote the body, and with it a key.
            var at = e.getLocation();
            String where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
            throw new ProblemException(Problem.of(
                    Response.Status.BAD_REQUEST, "body: not valid JSON" + where + ", expected a JSON object"));
        }
    }

    /** Whether the field is there, null or not. */
    boolean has(String field) {
        return json.has(field);
    }

    /** Whether the field is there and null. */
    boolean isNull(String field) {
        return json.has(field) && json.get(field).isNull();
    }

    /** Notes that a required field is missing. */
    void require(String field, String expected) {
        if (!json.has(field)) {
            errors.add(new FieldError(field, null, expected + "; it is required"));
        }
    }

    /** A text that {@code rule} makes something of; empty when absent or noted as an error. */
    <T> Optional<T> text(String field, String expected, Function<String, Optional<T>> rule) {
        return text(field, expected, rule, UnaryOperator.identity());
    }

    /** Like the other, for a value that is shown in an error as {@code shown} has it; null hides it altogether. */
    <T> Optional<T> text(
            String field, String expected, Function<String, Optional<T>> rule, UnaryOperator<String> shown) {
        if (!json.has(field)) {
            return Optional.empty();
        }
        JsonNode value = json.get(field);
        Optional<T> made = value.isTextual() ? rule.apply(value.textValue()) : Optional.empty();
        if (made.isEmpty()) {
            boolean asItIs = !value.isTextual() && shown.apply("") != null;
            String text = asItIs ? null : shown.apply(value.asText());
            error(field, asItIs ? value : text == null ? null : TextNode.valueOf(text), expected);
        }
        return made;
    }

    /** An integer in a range; empty when absent or noted as an error. */
    Optional<Integer> integer(String field, int least, int most) {
        if (!json.has(field)) {
            return Optional.empty();
        }
        JsonNode value = json.get(field);
        if (value.isIntegralNumber()
                && value.canConvertToInt()
                && value.intValue() >= least
                && value.intValue() <= most) {
            return Optional.of(value.intValue());
        }
        error(field, value, "an integer from " + least + " to " + most);
        return Optional.empty();
    }

    /** Throws one problem with all that was noted, if anything was. */
    void check() {
        if (!errors.isEmpty()) {
            throw new ProblemException(Problem.ofFields(List.copyOf(errors)));
        }
    }

    private void error(String field, JsonNode value, String expected) {
        errors.add(new FieldError(field, value, expected));
    }
}
