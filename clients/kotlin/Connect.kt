// The Connect protocol as far as a game needs it: unary calls and server
// streams in protobuf over HTTP/1.1, with the platform's own HTTP client.
// https://connectrpc.com/docs/protocol
package parlor.sample

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import com.google.protobuf.MessageLite
import com.google.protobuf.Parser
import java.io.DataInputStream
import java.io.DataOutputStream
import java.io.InputStream
import java.net.HttpURLConnection
import java.net.URL

/** What a service refuses: `code` is Connect's, as "unauthenticated". */
class Refused(val code: String, message: String) : Exception("$code: $message")

/**
 * A service at a base URL. `token` is asked before each call for the access
 * token, null where none is needed.
 */
class Service(
    private val baseUrl: String,
    private val name: String,
    private val token: () -> String? = { null }
) {
    /** Calls a method and gives its answer. Throws Refused, or IOException. */
    fun <T : MessageLite> call(method: String, request: MessageLite, answer: Parser<T>): T {
        val http = open(method, "application/proto")
        http.outputStream.use { request.writeTo(it) }
        if (http.responseCode != HTTP_OK) throw refusal(read(http.errorStream))
        return http.inputStream.use { answer.parseFrom(it) }
    }

    /**
     * Calls a method that streams, and gives `take` each message until that
     * says false or the stream ends. Throws as call does.
     */
    fun <T : MessageLite> stream(
        method: String,
        request: MessageLite,
        answer: Parser<T>,
        take: (T) -> Boolean
    ) {
        val http = open(method, "application/connect+proto")
        DataOutputStream(http.outputStream).use {
            it.writeByte(0)
            it.writeInt(request.serializedSize)
            request.writeTo(it)
        }
        if (http.responseCode != HTTP_OK) throw refusal(read(http.errorStream))
        DataInputStream(http.inputStream).use {
            while (true) {
                val flags = it.readUnsignedByte()
                val size = it.readInt()
                if (size !in 0..MESSAGE_MAX) throw Refused("internal", "a message of $size bytes")
                val message = ByteArray(size)
                it.readFully(message)
                if (flags and END != 0) {
                    val end = JsonParser().parse(String(message)).asJsonObject
                    if (end.has("error")) throw refusal(end["error"].toString())
                    return
                }
                if (!take(answer.parseFrom(message))) return
            }
        }
    }

    private fun open(method: String, type: String): HttpURLConnection {
        val http = URL("$baseUrl/$name/$method").openConnection() as HttpURLConnection
        http.requestMethod = "POST"
        http.doOutput = true
        http.connectTimeout = TIMEOUT_MS
        http.setRequestProperty("content-type", type)
        http.setRequestProperty("connect-protocol-version", "1")
        token()?.let { http.setRequestProperty("authorization", "Bearer $it") }
        return http
    }

    private fun read(stream: InputStream?) = stream?.use { it.readBytes() }?.let { String(it) } ?: "{}"

    private fun refusal(json: String): Refused {
        val error: JsonObject = JsonParser().parse(json).asJsonObject
        return Refused(error["code"]?.asString ?: "unknown", error["message"]?.asString ?: "")
    }

    private companion object {
        const val HTTP_OK = 200
        const val END = 2 // the flag of a stream's last message
        const val MESSAGE_MAX = 4 shl 20
        const val TIMEOUT_MS = 10_000
    }
}
