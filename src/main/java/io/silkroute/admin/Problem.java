package io.silkroute.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An error as RFC 9457 has it.
 *
 * @param type always {@code about:blank}: the status says it all
 * @param title the phrase of the status
 * @param status the HTTP status
 * @param detail what happened
 * @param errors the fields at fault, if any are
 */
@Schema(description = "An error (RFC 9457)")
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FieldError> errors) {

    /** The media type of problems. */
    public static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(Response.StatusType status, String detail, List<FieldError> errors) {
        return new Problem("about:blank", status.getReasonPhrase(), status.getStatusCode(), detail, errors);
    }

    static Problem of(Response.StatusType status, String detail) {
        return of(status, detail, List.of());
    }

    static Problem ofFields(List<FieldError> errors) {
        String detail = errors.stream().map(FieldError::render).collect(Collectors.joining("; "));
        return of(Response.Status.BAD_REQUEST, detail, errors);
    }

    Response toResponse() {
        return Response.status(status).type(MEDIA_TYPE).entity(this).build();
    }
}
