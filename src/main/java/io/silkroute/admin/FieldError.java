package io.silkroute.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One field that cannot be used.
 *
 * @param field its name
 * @param value what was sent; left out where it could be a secret
 * @param expected what could be used
 */
@Schema(description = "A field that cannot be used")
public record FieldError(
        String field,

        @Schema(implementation = Object.class, description = "What was sent; left out where it could be a secret")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        JsonNode value,

        String expected) {

    String render() {
        return field + (value == null ? "" : ": " + value) + " (expected: " + expected + ")";
    }
}
